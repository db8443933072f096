package dev.pollux.engines.uring;

/// How much fits into a ring.
///
/// @param requests into the submission queue; one more leaves with a system call of its own
/// @param completions into the completion queue; more are kept by the kernel, which costs. More
///   than requests, as one request to receive completes many times
/// @param buffers how many buffers the kernel receives into; a power of two. When all are full, the
///   requests that found none end, and are made again, as many at a time as there are buffers
/// @param bufferBytes the size of each, at most; never more than `Limits.receiveBufferBytes()`
/// @param slotsMax direct descriptors, at most; never more than the process may have ordinary ones
public record RingSizes(int requests, int completions, int buffers, int bufferBytes, int slotsMax) {
    /// What the `io_uring` model has for each loop: 512 KiB of queues, and 2 MiB of buffers, which
    /// take physical memory as they are used. The table's length is the kernel's limit.
    static final RingSizes DEFAULT = new RingSizes(4096, 16_384, 256, 8192, 1 << 20);
}
