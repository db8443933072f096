package dev.pollux.libc;

/// The `/dev/poll` of this system.
final class SystemDevpoll implements DevpollCalls {
    // #define DPIOC   (0xD0 << 8)                                            <sys/devpoll.h>
    // #define DP_POLL (DPIOC | 1)   /* poll on fds in the cached set */
    private static final int DP_POLL = 0xD001;

    // struct dvpoll {          offset                                       <sys/devpoll.h>
    //   struct pollfd *dp_fds;      0
    //   nfds_t dp_nfds;             8
    //   int dp_timeout; };         16      milliseconds, -1 for ever
    static final int FDS = 0;
    static final int COUNT = 8;
    static final int TIMEOUT = 16;
    static final int BYTES = 24;

    @Override
    public int open() {
        return Descriptors.open(DEVICE, Descriptors.O_RDWR, 0);
    }

    @Override
    public int write(int devpoll, long pollfds, int count) {
        return Descriptors.write(devpoll, pollfds, count * PollCalls.POLLFD_BYTES);
    }

    @Override
    public int poll(int devpoll, long pollfds, int max, long timeoutNanos) {
        long request = SystemCalls.current().scratch(SystemCalls.ADDRESS);
        put(request, pollfds, max, timeoutNanos);
        return Descriptors.ioctl(devpoll, DP_POLL, request);
    }

    /// Fills a `struct dvpoll`.
    static void put(long request, long pollfds, int max, long timeoutNanos) {
        Memory.putPointer(request + FDS, pollfds);
        Memory.putLong(request + COUNT, max);
        Memory.putInt(request + TIMEOUT, SystemCalls.millisRoundedUp(timeoutNanos));
    }

    @Override
    public int close(int devpoll) {
        return Descriptors.close(devpoll);
    }
}
