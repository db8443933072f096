package dev.pollux.libc;

/// The kqueue of this system.
final class SystemKqueue implements KqueueCalls {
    // int kqueue(void);                                                                  kqueue(2)
    // int kevent(int kq, const struct kevent *changelist, int nchanges,
    //            struct kevent *eventlist, int nevents, const struct timespec *timeout); kqueue(2)
    private static final Downcall KQUEUE = Downcall.of(Call.KQUEUE);
    private static final Downcall KEVENT = Downcall.of(Call.KEVENT);

    @Override
    public int kqueue() {
        int kqueue = KQUEUE.call(0);
        if (kqueue < 0) {
            return kqueue;
        }
        int result = Descriptors.fcntl(kqueue, Descriptors.F_SETFD, Descriptors.FD_CLOEXEC);
        if (result < 0) {
            Descriptors.close(kqueue);
            return result;
        }
        return kqueue;
    }

    @Override
    public int kevent(
            int kqueue,
            long changes,
            int changeCount,
            long events,
            int eventsMax,
            long timeoutNanos) {
        long timespec = SystemCalls.current().timespec(timeoutNanos);
        return KEVENT.call(kqueue, changes, changeCount, events, eventsMax, timespec);
    }

    @Override
    public int close(int kqueue) {
        return Descriptors.close(kqueue);
    }
}
