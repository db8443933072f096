package dev.pollux.libc;

/// `struct io_uring_buf_ring`: buffers that the kernel picks from when data has come.
///
/// ```
/// struct io_uring_buf {   offset                             io_uring_register_buf_ring(3)
///   __u64 addr;                0
///   __u32 len;                 8
///   __u16 bid;                12
///   __u16 resv; };            14      in the first entry: the tail of the ring
/// ```
///
/// The memory is entries of 16 bytes, from [Memory#allocatePages]; their number is a power of two
/// up to 32768. The tail counts without end, modulo 65536. The program writes entries and the tail,
/// the kernel takes from its own head on.
public final class BufferRing {
    /// Bytes of an entry.
    public static final int ENTRY_BYTES = 16;

    /// The most entries a ring can have.
    public static final int ENTRIES_MAX = 32768;

    /// The kernel fills a buffer piece by piece: [Cqe#IORING_CQE_F_BUF_MORE]. Linux 6.12.
    public static final int IOU_PBUF_RING_INC = 2;

    private static final int ADDRESS = 0;
    private static final int LENGTH = 8;
    private static final int BUFFER_ID = 12;
    private static final int TAIL = 14;

    private BufferRing() {}

    /// Writes an entry. The kernel sees it with the next [#publishTail].
    ///
    /// @param ring the address of the ring
    /// @param entries its length
    /// @param count the count of the entry, from the tail on
    /// @param address where the buffer is
    /// @param bytes how long it is
    /// @param id what [Cqe#bufferId] will say, 0 to 65535
    public static void put(long ring, int entries, int count, long address, int bytes, int id) {
        long entry = ring + (long) (count & (entries - 1)) * ENTRY_BYTES;
        Memory.putPointer(entry + ADDRESS, address);
        Memory.putInt(entry + LENGTH, bytes);
        // Not beyond: behind the first entry's id is the tail.
        Memory.putShort(entry + BUFFER_ID, (short) id);
    }

    /// Shows the kernel the entries that were written.
    ///
    /// @param ring the address of the ring
    /// @param tail behind the last one; its lower 16 bits count
    public static void publishTail(long ring, int tail) {
        Memory.putShortRelease(ring + TAIL, (short) tail);
    }

    /// {@return what the last [#publishTail] said, 0 to 65535}
    ///
    /// @param ring the address of the ring
    public static int tail(long ring) {
        return Short.toUnsignedInt(Memory.getShort(ring + TAIL));
    }
}
