package dev.pollux.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/// Memory outside the heap, by address: what system calls read and write.
///
/// Every access is one plain move in the machine's byte order; addresses need no alignment. Nothing
/// is checked, as in C. Not ordered between threads, nor with the kernel where it looks on its own:
/// for that there are the four accessors named `Acquire` and `Release`.
public final class Memory {
    /// The whole address space as one segment, so that an address is an offset and the bounds check
    /// is a test for the sign.
    private static final MemorySegment ALL = all();

    private static final VarHandle INT = JAVA_INT.varHandle();
    private static final VarHandle SHORT = JAVA_SHORT.varHandle();

    private Memory() {}

    /// Allocation, linked when first used.
    private static final class Calls {
        // void *malloc(size_t size);                                                     malloc(3)
        // void *calloc(size_t n, size_t size);                                           malloc(3)
        // void free(void *ptr);                                                          malloc(3)
        private static final MethodHandle MALLOC = link("malloc");
        private static final MethodHandle CALLOC = link("calloc");
        private static final MethodHandle FREE = link("free");

        private static MethodHandle link(String symbol) {
            return Downcall.link(symbol, Linker.Option.critical(false));
        }
    }

    /// Allocates memory with `malloc(3)`, aligned to 16 bytes. What it holds is undefined.
    ///
    /// Cheap up to some 100 KiB, and nothing is allocated on the heap: fit for a copy per message.
    /// For more, and for what must begin at a page, there is [#allocatePages]: [#free] holds up the
    /// collector, and with it every thread, while the kernel takes large blocks back (observed: 17
    /// ms for 64 MiB that were touched).
    ///
    /// @param bytes how many, above 0
    /// @return its address; give it back with [#free]
    /// @throws IllegalArgumentException if bytes is not above 0
    /// @throws OutOfMemoryError if the system has none
    public static long allocate(long bytes) {
        return allocated(bytes, Calls.MALLOC, checked(bytes), 0);
    }

    /// Allocates zeroed memory with `calloc(3)`, otherwise like [#allocate].
    ///
    /// @param bytes how many, above 0
    /// @return its address; give it back with [#free]
    /// @throws IllegalArgumentException if bytes is not above 0
    /// @throws OutOfMemoryError if the system has none
    public static long allocateZeroed(long bytes) {
        return allocated(bytes, Calls.CALLOC, 1, checked(bytes));
    }

    private static long allocated(long bytes, MethodHandle function, long first, long second) {
        MemorySegment state = SystemCalls.current().state;
        long address = Downcall.invoke(function, state, first, second, 0, 0, 0, 0);
        if (address == 0) {
            throw outOfMemory(bytes);
        }
        return address;
    }

    /// Gives memory back.
    ///
    /// @param address what [#allocate] or [#allocateZeroed] has returned, once only; 0 is ignored
    public static void free(long address) {
        MemorySegment state = SystemCalls.current().state;
        long _ = Downcall.invoke(Calls.FREE, state, address, 0, 0, 0, 0, 0);
    }

    /// Allocates zeroed memory that begins at a page, with `mmap(2)`: for what the kernel wants so,
    /// and for much memory, which takes no physical page before it is touched. On a platform that
    /// is not known here it is plain zeroed memory, of which no page need be the first.
    ///
    /// @param bytes how many, above 0; rounded up to whole pages
    /// @return its address; give it back with [#freePages]
    /// @throws IllegalArgumentException if bytes is not above 0
    /// @throws OutOfMemoryError if the system has none
    public static long allocatePages(long bytes) {
        if (Platform.detect().isEmpty()) {
            return allocateZeroed(bytes);
        }
        long address = Mappings.anonymous(checked(bytes));
        if (address < 0) {
            throw outOfMemory(bytes);
        }
        return address;
    }

    /// Gives pages back.
    ///
    /// @param address what [#allocatePages] has returned, once only; 0 is ignored
    /// @param bytes how many were asked for
    public static void freePages(long address, long bytes) {
        if (Platform.detect().isEmpty()) {
            free(address);
        } else if (address != 0) {
            Mappings.remove(address, bytes);
        }
    }

    private static long checked(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("bytes must be above 0: " + bytes);
        }
        return bytes;
    }

    private static OutOfMemoryError outOfMemory(long bytes) {
        return new OutOfMemoryError("no " + bytes + " bytes of native memory");
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

    /// {@return the 4 bytes at an address; what is read afterwards is at least as new}
    ///
    /// @param address where, a multiple of 4
    public static int getIntAcquire(long address) {
        return (int) INT.getAcquire(ALL, address);
    }

    /// Stores 4 bytes after all that was read and stored before.
    ///
    /// @param address where, a multiple of 4
    /// @param value what
    public static void putIntRelease(long address, int value) {
        INT.setRelease(ALL, address, value);
    }

    /// {@return the 2 bytes at an address; what is read afterwards is at least as new}
    ///
    /// @param address where, a multiple of 2
    public static short getShortAcquire(long address) {
        return (short) SHORT.getAcquire(ALL, address);
    }

    /// Stores 2 bytes after all that was read and stored before.
    ///
    /// @param address where, a multiple of 2
    /// @param value what
    public static void putShortRelease(long address, short value) {
        SHORT.setRelease(ALL, address, value);
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
