package dev.pollux.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Memory outside the heap, by address: what system calls read and write.
///
/// Every access is one plain move in the machine's byte order; addresses need no alignment. Nothing
/// is checked, as in C. Not ordered between threads: whoever shares memory brings its own fences.
public final class Memory {
    /// The whole address space as one segment, so that an address is an offset and the bounds check
    /// is a test for the sign.
    private static final MemorySegment ALL = all();

    private static final long LINE_BYTES = 64;
    private static final long PAGED_BYTES_MIN = 4096;

    /// The lengths of the live mappings by address: `munmap` must be told, `free` need not.
    private static final Map<Long, Long> MAPPED = new ConcurrentHashMap<>();

    private Memory() {}

    /// Allocation, linked when first used.
    private static final class Calls {
        private static final int PROT_READ_WRITE = 3;
        private static final int MAP_PRIVATE_ANONYMOUS = Platform.current().pick(0x22, 0x1002);

        // void *aligned_alloc(size_t alignment, size_t size);                            malloc(3)
        // void free(void *ptr);                                                          malloc(3)
        private static final MethodHandle ALIGNED_ALLOC = Downcall.link("aligned_alloc");
        private static final MethodHandle FREE = Downcall.link("free");

        // void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset); mmap(2)
        // int munmap(void *addr, size_t length);                                            mmap(2)
        private static final Downcall MMAP = Downcall.of(Call.MMAP);
        private static final Downcall MUNMAP = Downcall.of(Call.MUNMAP);
    }

    /// Allocates zeroed memory, aligned to 64 bytes, and to a page from 4096 bytes on (such memory
    /// takes no physical page before it is touched).
    ///
    /// @param bytes how many, above 0
    /// @return its address; give it back with [#free]
    /// @throws IllegalArgumentException if bytes is not above 0
    /// @throws OutOfMemoryError if the system has none
    public static long allocate(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("bytes must be above 0: " + bytes);
        }
        return bytes >= PAGED_BYTES_MIN ? map(bytes) : allocateLines(bytes);
    }

    private static long map(long bytes) {
        int prot = Calls.PROT_READ_WRITE;
        int flags = Calls.MAP_PRIVATE_ANONYMOUS;
        long address = Calls.MMAP.callLong(0, bytes, prot, flags, -1, 0);
        if (address < 0) {
            throw outOfMemory(bytes);
        }
        MAPPED.put(address, bytes);
        return address;
    }

    private static long allocateLines(long bytes) {
        long rounded = (bytes + LINE_BYTES - 1) & -LINE_BYTES;
        MemorySegment state = SystemCalls.current().state;
        long address = Downcall.invoke(Calls.ALIGNED_ALLOC, state, LINE_BYTES, rounded, 0, 0, 0, 0);
        if (address == 0) {
            throw outOfMemory(bytes);
        }
        ALL.asSlice(address, rounded).fill((byte) 0);
        return address;
    }

    private static OutOfMemoryError outOfMemory(long bytes) {
        return new OutOfMemoryError("no " + bytes + " bytes of native memory");
    }

    /// Gives memory back.
    ///
    /// @param address what [#allocate] has returned, once only; 0 is ignored
    public static void free(long address) {
        Long mapped = MAPPED.remove(address);
        if (mapped == null) {
            MemorySegment state = SystemCalls.current().state;
            long _ = Downcall.invoke(Calls.FREE, state, address, 0, 0, 0, 0, 0);
            return;
        }
        int result = Calls.MUNMAP.call(address, mapped);
        if (result < 0) {
            throw new IllegalStateException("munmap: " + Errno.name(-result));
        }
    }

    /// {@return the byte at an address}
    ///
    /// @param address where
    public static byte getByte(long address) {
        return ALL.get(JAVA_BYTE, address);
    }

    /// {@return the 2 bytes at an address}
    ///
    /// @param address where
    public static short getShort(long address) {
        return ALL.get(JAVA_SHORT_UNALIGNED, address);
    }

    /// {@return the 4 bytes at an address}
    ///
    /// @param address where
    public static int getInt(long address) {
        return ALL.get(JAVA_INT_UNALIGNED, address);
    }

    /// {@return the 8 bytes at an address}
    ///
    /// @param address where
    public static long getLong(long address) {
        return ALL.get(JAVA_LONG_UNALIGNED, address);
    }

    /// {@return the pointer at an address}
    ///
    /// @param address where
    public static long getPointer(long address) {
        return getLong(address);
    }

    /// Stores one byte.
    ///
    /// @param address where
    /// @param value what
    public static void putByte(long address, byte value) {
        ALL.set(JAVA_BYTE, address, value);
    }

    /// Stores 2 bytes.
    ///
    /// @param address where
    /// @param value what
    public static void putShort(long address, short value) {
        ALL.set(JAVA_SHORT_UNALIGNED, address, value);
    }

    /// Stores 4 bytes.
    ///
    /// @param address where
    /// @param value what
    public static void putInt(long address, int value) {
        ALL.set(JAVA_INT_UNALIGNED, address, value);
    }

    /// Stores 8 bytes.
    ///
    /// @param address where
    /// @param value what
    public static void putLong(long address, long value) {
        ALL.set(JAVA_LONG_UNALIGNED, address, value);
    }

    /// Stores a pointer.
    ///
    /// @param address where
    /// @param value what
    public static void putPointer(long address, long value) {
        putLong(address, value);
    }

    /// Sets bytes to zero.
    ///
    /// @param address the first
    /// @param bytes how many
    public static void zero(long address, long bytes) {
        ALL.asSlice(address, bytes).fill((byte) 0);
    }

    /// Copies bytes; the ranges may overlap.
    ///
    /// @param from the first byte to read
    /// @param to the first byte to write
    /// @param bytes how many
    public static void copy(long from, long to, long bytes) {
        MemorySegment.copy(ALL, from, ALL, to, bytes);
    }

    /// Copies bytes out of an array.
    ///
    /// @param from the array
    /// @param offset the first byte to read in it
    /// @param to the first byte to write
    /// @param bytes how many
    /// @throws IndexOutOfBoundsException if the array does not hold them
    public static void copy(byte[] from, int offset, long to, int bytes) {
        MemorySegment.copy(from, offset, ALL, JAVA_BYTE, to, bytes);
    }

    /// Copies bytes into an array.
    ///
    /// @param from the first byte to read
    /// @param to the array
    /// @param offset the first byte to write in it
    /// @param bytes how many
    /// @throws IndexOutOfBoundsException if the array has no room for them
    public static void copy(long from, byte[] to, int offset, int bytes) {
        MemorySegment.copy(ALL, JAVA_BYTE, from, to, offset, bytes);
    }

    /// Copies what remains in a buffer, heap or direct, and leaves its position as it is.
    ///
    /// @param from the buffer, read from its position to its limit
    /// @param to the first byte to write
    public static void copy(ByteBuffer from, long to) {
        if (from.hasArray()) {
            copy(from.array(), from.arrayOffset() + from.position(), to, from.remaining());
        } else {
            MemorySegment.copy(MemorySegment.ofBuffer(from), 0, ALL, to, from.remaining());
        }
    }

    /// Shows memory as a direct buffer: a view, valid until the memory is freed.
    ///
    /// @param address the first byte
    /// @param bytes how many
    /// @return a new big-endian buffer over them
    public static ByteBuffer buffer(long address, int bytes) {
        return ALL.asSlice(address, bytes).asByteBuffer();
    }

    /// {@return the address of index 0 of a direct buffer, whatever its position}
    ///
    /// @param direct the buffer, which must stay reachable while the address is used
    /// @throws IllegalArgumentException if the buffer is on the heap
    public static long address(ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("not a direct buffer: " + direct);
        }
        return MemorySegment.ofBuffer(direct).address() - direct.position();
    }

    @SuppressWarnings("restricted")
    private static MemorySegment all() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }
}
