package dev.pollux.engines.uring;

/// How much fits into a ring.
///
/// @param requests into the submission queue; one more leaves with a system call of its own
/// @param completions into the completion queue; more are kept by the kernel, which costs. More
///   than requests, as one request to receive completes many times
/// @param buffers how many buffers the kernel receives into; a power of two. When all are full, the
///   requests that found none end, and are made again, as many at a time as there are buffers
/// @param bufferBytes the size of each, at most; never more than `Limits.receiveBufferBytes()`
/// @param largeBuffers how many there are for connections whose input fills these; a power of two
/// @param largeBufferBytes the size of each of those, at most; as above
/// @param slotsMax direct descriptors, at most; never more than the process may have ordinary ones
public record RingSizes(
        int requests,
        int completions,
        int buffers,
        int bufferBytes,
        int largeBuffers,
        int largeBufferBytes,
        int slotsMax) {
    /// What the `io_uring` model has for each loop: 512 KiB of queues, and 2 and 4 MiB of buffers,
    /// which take physical memory as they are used. The table's length is the kernel's limit.
    static final RingSizes DEFAULT = new RingSizes(4096, 16_384, 256, 8192, 64, 65_536, 1 << 20);

    /// {@return how many bytes the kernel can receive before anybody has looked at them}
    public int receiveBytes() {
        return buffers * bufferBytes + largeBuffers * largeBufferBytes;
    }
}
