package dev.pollux.engines.uring;

import dev.pollux.libc.UringCalls;
import dev.pollux.libc.UringMemory;
import dev.pollux.libc.UringRegister;

/// How a [Ring] enters the kernel: `io_uring_enter(2)`, which may always take less than it is
/// offered, be interrupted, or want something else first.
interface RingEntry {
    /// The kernel itself.
    RingEntry KERNEL =
            new RingEntry() {
                @Override
                public int submit(int ring, int toSubmit, int flags) {
                    return UringCalls.submit(ring, toSubmit, flags);
                }

                @Override
                public int submitAndWait(
                        int ring, int toSubmit, int minComplete, int flags, long timeoutNanos) {
                    return UringCalls.submitAndWait(
                            ring, toSubmit, minComplete, flags, timeoutNanos);
                }
            };

    /// A ring was opened, and its queues are in memory.
    default void opened(UringMemory queues) {
        // The kernel knows.
    }

    /// See [UringRegister#bufferRing].
    default int giveBuffers(int ring, int group, long address, int count) {
        return UringRegister.bufferRing(ring, group, address, count, 0);
    }

    /// A ring is about to be closed.
    default void closing() {
        // The kernel will know.
    }

    /// See [UringCalls#submit].
    int submit(int ring, int toSubmit, int flags);

    /// See [UringCalls#submitAndWait].
    int submitAndWait(int ring, int toSubmit, int minComplete, int flags, long timeoutNanos);
}
