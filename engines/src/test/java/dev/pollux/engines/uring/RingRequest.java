package dev.pollux.engines.uring;

import dev.pollux.libc.Memory;
import dev.pollux.libc.Sqe;
import dev.pollux.libc.UringOperation;
import dev.pollux.libc.UringRequests;

/// A request as the simulated kernel has read it, see [Sqe].
final class RingRequest {
    /// What a poll completes with when there is room.
    static final int POLLOUT = 4;

    /// In a `struct msghdr`.
    static final int MESSAGE_IOV = 16;

    static final int MESSAGE_COUNT = 24;

    private static final UringOperation[] OPERATIONS = UringOperation.values();

    final UringOperation operation;

    /// The descriptor is a direct one.
    final boolean fixed;

    final int fd;
    final long offset;
    final long address;
    final int length;
    final int flags;
    final long mark;
    final int bufferGroup;
    private final int fileIndex;

    RingRequest(long sqe) {
        this.operation = operation(Memory.getByte(sqe));
        this.fixed = (Memory.getByte(sqe + 1) & Sqe.IOSQE_FIXED_FILE) != 0;
        this.fd = Memory.getInt(sqe + 4);
        this.offset = Memory.getLong(sqe + 8);
        this.address = Memory.getLong(sqe + 16);
        this.length = Memory.getInt(sqe + 24);
        this.flags = Memory.getInt(sqe + 28);
        this.mark = Memory.getLong(sqe + 32);
        this.bufferGroup = Short.toUnsignedInt(Memory.getShort(sqe + 40));
        this.fileIndex = Memory.getInt(sqe + 44);
    }

    private static UringOperation operation(int opcode) {
        for (UringOperation one : OPERATIONS) {
            if (one.opcode() == opcode) {
                return one;
            }
        }
        throw new IllegalArgumentException("no operation " + opcode);
    }

    /// {@return the direct descriptor that a close is for}
    int slotToClose() {
        return fileIndex - 1;
    }

    /// {@return whether this, a cancellation, ends another request}
    boolean cancels(RingRequest other) {
        if ((flags & UringRequests.IORING_ASYNC_CANCEL_FD) == 0) {
            return other.mark == address;
        }
        boolean direct = (flags & UringRequests.IORING_ASYNC_CANCEL_FD_FIXED) != 0;
        return other.fixed == direct && other.fd == fd;
    }
}
