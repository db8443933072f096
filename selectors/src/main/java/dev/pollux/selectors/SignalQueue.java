package dev.pollux.selectors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.SignalCalls;
import dev.pollux.libc.SignalfdCalls;

/// The signals of one thread, which has blocked them and takes them: what descriptors send, what
/// another thread wakes it with, and the kernel's word that its queue was full. Nothing here is a
/// handler.
///
/// Those that wait already are taken many at a time, through a `signalfd(2)`; only where there are
/// none does the thread sleep, in `sigtimedwait(2)`, which brings one.
final class SignalQueue {
    /// What wakes the thread. The kernel never refuses it for want of room as it may a real-time
    /// signal, keeps one of many, and ignores it where it is not blocked.
    private static final int WAKE = SignalCalls.SIGURG;

    static final int BATCH = 64;

    /// So that a sender faster than this reader keeps it from nothing else.
    private static final int FORGOTTEN_BATCHES_MAX = 4096;

    /// What descriptors send.
    private final int signal;

    /// The signalfd. Negative once it is closed.
    private int fd;

    /// 0 once it is freed.
    private long single =
            Memory.allocate(
                    SignalCalls.SIGINFO_BYTES
                            + (long) BATCH * SignalfdCalls.SIGINFO_BYTES
                            + SignalCalls.SIGSET_BYTES);

    private final long batch = single + SignalCalls.SIGINFO_BYTES;
    private final long set = batch + (long) BATCH * SignalfdCalls.SIGINFO_BYTES;

    /// What descriptors have sent, of the last [#take].
    private final int[] fds = new int[BATCH];

    private final int[] bands = new int[BATCH];
    private int count;

    private boolean woken;
    private boolean overflowed;
    private long waits;
    private long reads;

    private SignalQueue(int signal, int fd) {
        this.signal = signal;
        this.fd = fd;
        SignalCalls.putSet(set, signal, WAKE, SignalCalls.SIGIO);
    }

    /// Opens a queue, for any thread to begin with.
    static SignalQueue open() throws ErrnoException {
        int signal = ErrnoException.check(SignalCalls.rtMin(), "sigrtmin", -1);
        // Should one ever reach a thread that has not blocked it, it must not end the process.
        ErrnoException.check(SignalCalls.ignore(signal), "sigaction", -1);
        ErrnoException.check(SignalCalls.ignore(SignalCalls.SIGIO), "sigaction", -1);
        int fd = SignalfdCalls.create(signal, WAKE, SignalCalls.SIGIO);
        ErrnoException.check(fd, "signalfd", -1);
        try {
            return new SignalQueue(signal, fd);
        } catch (Throwable t) {
            int _ = Descriptors.close(fd);
            throw t;
        }
    }

    /// Blocks the signals in the calling thread: from now on they wait for it.
    void begin() throws ErrnoException {
        int result = SignalCalls.block(signal, WAKE, SignalCalls.SIGIO);
        ErrnoException.check(result, "pthread_sigmask", -1);
    }

    /// Lets the signals through to the calling thread again; those that wait are ignored.
    void end() {
        int _ = SignalCalls.unblock(signal, WAKE, SignalCalls.SIGIO);
    }

    /// {@return the signal that descriptors are to send}
    int signal() {
        return signal;
    }

    /// {@return a descriptor that is readable for the thread when signals wait for it}
    int fd() {
        return fd;
    }

    /// Wakes a thread; any thread.
    ///
    /// @param tid its number
    /// @return 0 or `-errno`
    static int wake(int tid) {
        return SignalCalls.tgkill(tid, WAKE);
    }

    /// Takes what waits, and waits for it if there is nothing.
    ///
    /// @param timeoutNanos how long; 0 does not wait, negative has no end
    /// @return how many signals of descriptors, at most [#BATCH], or `-errno`
    int take(long timeoutNanos) {
        count = 0;
        reads++;
        int taken = SignalfdCalls.read(fd, batch, BATCH);
        noteBatch(taken);
        if (taken != -Errno.EAGAIN || timeoutNanos == 0) {
            return taken >= 0 || taken == -Errno.EAGAIN ? count : taken;
        }
        waits++;
        int signo = SignalCalls.wait(set, single, timeoutNanos);
        if (signo < 0) {
            return signo == -Errno.EAGAIN ? 0 : signo;
        }
        note(signo, SignalCalls.code(single), SignalCalls.fd(single), SignalCalls.band(single));
        return count;
    }

    private void noteBatch(int taken) {
        for (int i = 0; i < taken; i++) {
            int signo = SignalfdCalls.signo(batch, i);
            int code = SignalfdCalls.code(batch, i);
            note(signo, code, SignalfdCalls.fd(batch, i), SignalfdCalls.band(batch, i));
        }
    }

    private void note(int signo, int code, int sender, int band) {
        if (signo == WAKE) {
            woken = true;
        } else if (signo == SignalCalls.SIGIO) {
            overflowed = true;
        } else if (code >= SignalCalls.POLL_IN && code <= SignalCalls.POLL_HUP) {
            fds[count] = sender;
            bands[count++] = band;
        }
    }

    /// {@return the descriptor that has sent a signal}
    ///
    /// @param index from 0 to below what [#take] has returned
    int sender(int index) {
        return fds[index];
    }

    /// {@return what it is ready for, `POLL...` of [dev.pollux.libc.PollCalls]}
    ///
    /// @param index from 0 to below what [#take] has returned
    int band(int index) {
        return bands[index];
    }

    /// {@return whether the thread was woken since it was asked last}
    boolean takeWoken() {
        boolean was = woken;
        woken = false;
        return was;
    }

    /// {@return whether signals were lost, until [#forget]}
    boolean hasOverflowed() {
        return overflowed;
    }

    /// Throws away what descriptors have sent until now, so that the queue has room again; whoever
    /// calls asks all of them for himself.
    void forget() {
        int taken = BATCH;
        for (int i = 0; taken == BATCH && i < FORGOTTEN_BATCHES_MAX; i++) {
            count = 0;
            reads++;
            taken = SignalfdCalls.read(fd, batch, BATCH);
            noteBatch(taken);
        }
        count = 0;
        overflowed = false;
    }

    long waits() {
        return waits;
    }

    long reads() {
        return reads;
    }

    void close() {
        fd = Waker.closed(fd);
        Memory.free(single);
        single = 0;
    }
}
