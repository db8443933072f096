package dev.pollux.libc;

/// What a ring can be asked to do, as far as servers need it, `io_uring_enter(2)`. Each does what
/// the system call of its name does.
public enum UringOperation {
    /// Nothing. Linux 5.1.
    NOP(0, "5.1"),
    /// Reads into several buffers. Linux 5.1.
    READV(1, "5.1"),
    /// Writes from several buffers. Linux 5.1.
    WRITEV(2, "5.1"),
    /// Waits until a descriptor is ready, once or again and again. Linux 5.1.
    POLL_ADD(6, "5.1"),
    /// Ends or changes such a wait. Linux 5.1.
    POLL_REMOVE(7, "5.1"),
    /// Sends a message. Linux 5.3.
    SENDMSG(9, "5.3"),
    /// Receives a message. Linux 5.3.
    RECVMSG(10, "5.3"),
    /// Completes after a time. Linux 5.4.
    TIMEOUT(11, "5.4"),
    /// Ends or changes such a timer. Linux 5.5.
    TIMEOUT_REMOVE(12, "5.5"),
    /// Takes a connection; from Linux 5.19 on again and again. Linux 5.5.
    ACCEPT(13, "5.5"),
    /// Ends requests. Linux 5.5.
    ASYNC_CANCEL(14, "5.5"),
    /// Ends the request before it after a time. Linux 5.5.
    LINK_TIMEOUT(15, "5.5"),
    /// Starts a connection. Linux 5.5.
    CONNECT(16, "5.5"),
    /// Closes a descriptor, from Linux 5.15 on also a direct one. Linux 5.6.
    CLOSE(19, "5.6"),
    /// Changes the table of direct descriptors. Linux 5.6.
    FILES_UPDATE(20, "5.6"),
    /// Reads. Linux 5.6.
    READ(22, "5.6"),
    /// Writes. Linux 5.6.
    WRITE(23, "5.6"),
    /// Sends. Linux 5.6.
    SEND(26, "5.6"),
    /// Receives; from Linux 6.0 on again and again. Linux 5.6.
    RECV(27, "5.6"),
    /// Copies from a descriptor to a pipe or back. Linux 5.7.
    SPLICE(30, "5.7"),
    /// Ends one or both directions of a socket. Linux 5.11.
    SHUTDOWN(34, "5.11"),
    /// Leaves a completion in another ring. Linux 5.18.
    MSG_RING(40, "5.18"),
    /// Opens a socket. Linux 5.19.
    SOCKET(45, "5.19"),
    /// Does what only this kind of file can: a socket's options from Linux 6.7 on. Linux 5.19.
    URING_CMD(46, "5.19"),
    /// Sends out of the program's memory. Linux 6.0.
    SEND_ZC(47, "6.0"),
    /// Sends a message out of the program's memory. Linux 6.1.
    SENDMSG_ZC(48, "6.1"),
    /// Reads again and again into buffers that the kernel picks. Linux 6.7.
    READ_MULTISHOT(49, "6.7"),
    /// Makes an ordinary descriptor of a direct one. Linux 6.8.
    FIXED_FD_INSTALL(54, "6.8"),
    /// Names a socket. Linux 6.11.
    BIND(56, "6.11"),
    /// Makes a socket accept. Linux 6.11.
    LISTEN(57, "6.11"),
    /// Waits in an epoll set. Linux 6.15.
    EPOLL_WAIT(59, "6.15");

    private final int opcode;
    private final String since;

    UringOperation(int opcode, String since) {
        this.opcode = opcode;
        this.since = since;
    }

    /// {@return its number, `IORING_OP_...`}
    public int opcode() {
        return opcode;
    }

    /// {@return the first Linux that has it, `6.0`}
    public String since() {
        return since;
    }
}
