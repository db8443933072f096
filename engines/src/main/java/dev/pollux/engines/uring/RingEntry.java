package dev.pollux.engines.uring;

import dev.pollux.libc.UringCalls;

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

    /// See [UringCalls#submit].
    int submit(int ring, int toSubmit, int flags);

    /// See [UringCalls#submitAndWait].
    int submitAndWait(int ring, int toSubmit, int minComplete, int flags, long timeoutNanos);
}
