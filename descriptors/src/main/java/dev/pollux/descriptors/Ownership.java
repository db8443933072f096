package dev.pollux.descriptors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Sockets;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/// Who owns a descriptor: it counts the calls that are under way, and gives the number back when it
/// is closed and none is. Nothing of it is for users; it is how the classes of this package are
/// alike.
///
/// A number that was closed may mean another file a moment later. So each call holds a use of it
/// from [#begin] to [#end], which are one atomic addition each.
public final class Ownership {
    /// What closing does besides.
    enum Kind {
        /// Threads that wait in it are woken.
        SOCKET,
        /// Nothing.
        FILE,
        /// Not even the descriptor is closed: standard input, output and error are the process's.
        BORROWED
    }

    private static final System.Logger LOG = System.getLogger("dev.pollux.descriptors");

    private static final int CLOSED = 1 << 31;
    private static final int RELEASED = 1 << 30;

    /// A use that may wait counts as one of these, too.
    private static final int WAIT = 1 << 15;

    private static final int WAITS = RELEASED - WAIT;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Ownership.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// Made when there is a thread for it; a moment without one is no reason to do without for
    /// ever.
    private static @Nullable Cleaner cleaner;

    private final int fd;
    private final Kind kind;
    private final String name;

    /// [#CLOSED], [#RELEASED], how many calls are under way that may wait, and how many are in all.
    private volatile int state;

    /// What the owner has set last; whoever has a duplicate may have changed it since.
    private volatile boolean blocking;

    /// Whether a call that is under way may be one that waits: one that has begun to, before calls
    /// no longer did, still does.
    private volatile boolean mayWait;

    private final Remains remains;
    private final Cleaner.@Nullable Cleanable forgotten;

    private Ownership(int fd, Kind kind, String name, boolean blocking) {
        this.fd = fd;
        this.kind = kind;
        this.name = name;
        this.blocking = blocking;
        mayWait = blocking;
        remains = new Remains(fd, name);
        forgotten = kind == Kind.BORROWED ? null : cleaner().register(this, remains);
    }

    /// Owns a descriptor that is open, from now on and in any case: if the heap has no room for the
    /// owner, it is closed. If this is forgotten, it is closed, too: not before the last call has
    /// ended, which needs this for that.
    ///
    /// @param name what it is, for the one who forgets to close it
    /// @param blocking whether its calls wait
    /// @return its owner
    static Ownership of(int fd, Kind kind, String name, boolean blocking) {
        try {
            return new Ownership(fd, kind, name, blocking);
        } catch (Throwable t) {
            if (kind != Kind.BORROWED) {
                Descriptors.close(fd);
            }
            throw t;
        }
    }

    /// Owns the first of two fresh descriptors as [#of] does; if it cannot, the second is closed as
    /// well.
    static Ownership ofFirst(int[] ends, Kind kind, String name) {
        try {
            return of(ends[0], kind, name, true);
        } catch (Throwable t) {
            Descriptors.close(ends[1]);
            throw t;
        }
    }

    private static synchronized Cleaner cleaner() {
        Cleaner known = cleaner;
        if (known == null) {
            known = Cleaner.create();
            cleaner = known;
        }
        return known;
    }

    /// What is left of one that was forgotten.
    private static final class Remains implements Runnable {
        private final int fd;
        private final String name;
        private volatile boolean released;

        Remains(int fd, String name) {
            this.fd = fd;
            this.name = name;
        }

        @Override
        public void run() {
            if (!released) {
                Descriptors.close(fd); // First: whoever keeps the log may throw.
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0} (fd {1}) was never closed",
                        name,
                        "" + fd);
            }
        }
    }

    /// Holds the number of any descriptor until [#letGo]: of one that is no [OwnedDescriptor],
    /// nobody can.
    ///
    /// @return the number
    /// @throws ClosedChannelException if it is closed
    static int hold(Descriptor descriptor) throws ClosedChannelException {
        return descriptor instanceof OwnedDescriptor owned
                ? owned.ownership().begin()
                : descriptor.fd();
    }

    /// Lets go of what was held.
    static void letGo(Descriptor descriptor) {
        if (descriptor instanceof OwnedDescriptor owned) {
            owned.ownership().end();
        }
    }

    int fd() {
        return isOpen() ? fd : -1;
    }

    boolean isOpen() {
        return state >= 0;
    }

    /// {@return whether calls wait, as far as the owner knows}
    boolean waits() {
        return blocking;
    }

    /// Holds the number until [#end].
    ///
    /// @return the number
    /// @throws ClosedChannelException if it is closed
    int begin() throws ClosedChannelException {
        if ((int) STATE.getAndAdd(this, 1) < 0) {
            end();
            throw new ClosedChannelException();
        }
        return fd;
    }

    /// Holds the number for a call that may wait.
    ///
    /// @return the number
    /// @throws ClosedChannelException if it is closed
    /// @throws IllegalStateException on a virtual thread, if it is a blocking one
    int beginWait() throws ClosedChannelException {
        if (blocking && Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "a blocking call would keep the carrier of a virtual thread: setBlocking(false),"
                            + " or a platform thread");
        }
        if ((int) STATE.getAndAdd(this, WAIT + 1) < 0) {
            endWait();
            throw new ClosedChannelException();
        }
        return fd;
    }

    /// Lets go of the number after [#beginWait], as [#end] does.
    void endWait() {
        end(WAIT + 1);
    }

    /// Lets go of the number after [#begin]. If it was closed meanwhile, and nobody else uses it,
    /// it is given back now, and what the kernel has to say to that goes to the log: the call was
    /// another one.
    void end() {
        end(1);
    }

    private void end(int uses) {
        if (isLast(uses)) {
            try {
                release();
            } catch (ErrnoException e) {
                LOG.log(System.Logger.Level.WARNING, name, e);
            }
        }
    }

    private boolean isLast(int uses) {
        return (int) STATE.getAndAdd(this, -uses) == CLOSED + uses;
    }

    /// Says what a call has failed with.
    ///
    /// @param result `-errno`
    /// @param call the C function
    /// @return what is to be thrown
    IOException failure(long result, String call) {
        return isOpen()
                ? new ErrnoException((int) -result, call, fd)
                : new AsynchronousCloseException();
    }

    /// {@return whether a result only says that there is nothing to do now}
    static boolean wouldBlock(long result) {
        return result == -Errno.EAGAIN;
    }

    /// {@return whether a signal has ended a call}
    static boolean interrupted(long result) {
        return result == -Errno.EINTR;
    }

    /// {@return whether a call is to be made again, as a signal has ended it}
    boolean again(long result) {
        return interrupted(result) && isOpen();
    }

    void close() throws ErrnoException {
        if ((int) STATE.getAndAdd(this, 1) >= 0
                && (int) STATE.getAndBitwiseOr(this, CLOSED) >= 0
                && kind == Kind.SOCKET
                && mayWait
                && (state & WAITS) != 0) {
            wake();
        }
        if (isLast(1)) {
            release();
        }
    }

    /// Ends the wait of whoever sleeps in a socket. One that was to be closed with a reset must not
    /// end in order before that; an unconnected one that is shut down wakes all the same.
    private void wake() {
        boolean reset = Sockets.linger(fd) == 0 && Sockets.disconnect(fd) >= 0;
        if (!reset) {
            int _ = Sockets.shutdown(fd, Sockets.SHUT_RDWR);
        }
    }

    /// The last one to leave does it; one who only looked in after that finds it done.
    private void release() throws ErrnoException {
        boolean first = ((int) STATE.getAndBitwiseOr(this, RELEASED) & RELEASED) == 0;
        if (first && kind != Kind.BORROWED) {
            forgetNoLonger();
            ErrnoException.check(Descriptors.close(fd), "close", fd);
        }
    }

    int detach() throws ClosedChannelException {
        int before = (int) STATE.compareAndExchange(this, 0, CLOSED | RELEASED);
        if (before < 0) {
            throw new ClosedChannelException();
        }
        if (before != 0) {
            throw new IllegalStateException("a call is under way: fd " + fd);
        }
        forgetNoLonger();
        return fd;
    }

    private void forgetNoLonger() {
        remains.released = true;
        if (forgotten != null) {
            forgotten.clean();
        }
    }

    boolean isBlocking() throws ErrnoException, ClosedChannelException {
        int number = begin();
        try {
            int flags = Descriptors.fcntl(number, Descriptors.F_GETFL, 0);
            ErrnoException.check(flags, "fcntl", number);
            return (flags & Descriptors.O_NONBLOCK) == 0;
        } finally {
            end();
        }
    }

    void setBlocking(boolean wanted) throws ErrnoException, ClosedChannelException {
        int number = begin();
        try {
            ErrnoException.check(Descriptors.setNonBlocking(number, !wanted), "fcntl", number);
            blocking = wanted;
            mayWait = wanted || (mayWait && (state & WAITS) != 0);
        } finally {
            end();
        }
    }

    @Override
    public String toString() {
        return name + (isOpen() ? " (fd " + fd + ")" : " (closed)");
    }
}
