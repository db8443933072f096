package dev.pollux.selectors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.DevpollCalls;
import dev.pollux.libc.Errno;
import dev.pollux.libc.EventfdCalls;
import dev.pollux.libc.Memory;
import dev.pollux.libc.PollCalls;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// `/dev/poll` as poll(7d) documents it, over `poll(2)`: what is written adds to the events of a
/// descriptor, `POLLREMOVE` forgets it, a change takes effect in the poll that is running, a
/// descriptor that was closed is reported as `POLLNVAL`, room for more events than the process may
/// have descriptors is `EINVAL`.
///
/// The device is an eventfd, so that its number is a real one.
final class FakeDevpoll implements DevpollCalls {
    private final Map<Integer, Device> devices = new ConcurrentHashMap<>();

    @Override
    public int open() {
        int fd = EventfdCalls.create(0, 0);
        if (fd >= 0) {
            devices.put(fd, new Device(fd));
        }
        return fd;
    }

    @Override
    public int write(int devpoll, long pollfds, int count) {
        Device device = devices.get(devpoll);
        return device == null ? -Errno.EBADF : device.write(pollfds, count);
    }

    @Override
    public int poll(int devpoll, long pollfds, int max, long timeoutNanos) {
        Device device = devices.get(devpoll);
        if (max > Descriptors.nofileSoft()) {
            return -Errno.EINVAL;
        }
        return device == null ? -Errno.EBADF : device.poll(pollfds, max, timeoutNanos);
    }

    @Override
    public int close(int devpoll) {
        return devices.remove(devpoll) == null ? -Errno.EBADF : Descriptors.close(devpoll);
    }

    /// One open device.
    private static final class Device {
        private final int changed;
        private final Map<Integer, Integer> interests = new TreeMap<>();

        Device(int changed) {
            this.changed = changed;
        }

        synchronized int write(long pollfds, int count) {
            for (int i = 0; i < count; i++) {
                int events = PollCalls.events(pollfds, i);
                if ((events & POLLREMOVE) != 0) {
                    interests.remove(PollCalls.fd(pollfds, i));
                } else {
                    interests.merge(PollCalls.fd(pollfds, i), events, (a, b) -> a | b);
                }
            }
            EventfdCalls.write(changed, 1);
            return count * PollCalls.POLLFD_BYTES;
        }

        int poll(long pollfds, int max, long timeoutNanos) {
            long deadline = System.nanoTime() + Math.max(timeoutNanos, 0);
            while (true) {
                long left = timeoutNanos <= 0 ? timeoutNanos : deadline - System.nanoTime();
                int count = pollOnce(pollfds, max, Math.max(left, Math.min(timeoutNanos, 0)));
                boolean over = timeoutNanos >= 0 && left <= 0;
                if (count != 0 || over) {
                    return count;
                }
            }
        }

        /// Polls what is of interest now; a change ends it with nothing.
        private int pollOnce(long pollfds, int max, long timeoutNanos) {
            EventfdCalls.read(changed);
            Map<Integer, Integer> now;
            synchronized (this) {
                now = new TreeMap<>(interests);
            }
            long all = Memory.allocate((now.size() + 1L) * PollCalls.POLLFD_BYTES);
            try {
                PollCalls.put(all, 0, changed, PollCalls.POLLIN);
                int entries = 1;
                for (var interest : now.entrySet()) {
                    PollCalls.put(all, entries++, interest.getKey(), interest.getValue());
                }
                int result = PollCalls.poll(all, entries, timeoutNanos);
                return result < 0 ? result : collect(all, entries, pollfds, max);
            } finally {
                Memory.free(all);
            }
        }

        private static int collect(long all, int entries, long pollfds, int max) {
            int count = 0;
            for (int i = 1; i < entries && count < max; i++) {
                if (PollCalls.revents(all, i) != 0) {
                    long from = all + (long) i * PollCalls.POLLFD_BYTES;
                    long to = pollfds + (long) count * PollCalls.POLLFD_BYTES;
                    Memory.copy(from, to, PollCalls.POLLFD_BYTES);
                    count++;
                }
            }
            return count;
        }
    }
}
