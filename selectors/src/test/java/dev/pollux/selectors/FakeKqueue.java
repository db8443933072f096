package dev.pollux.selectors;

import static dev.pollux.libc.Kevent.EVFILT_EXCEPT;
import static dev.pollux.libc.Kevent.EVFILT_READ;
import static dev.pollux.libc.Kevent.EVFILT_USER;
import static dev.pollux.libc.Kevent.EVFILT_WRITE;
import static dev.pollux.libc.Kevent.EV_ADD;
import static dev.pollux.libc.Kevent.EV_CLEAR;
import static dev.pollux.libc.Kevent.EV_DELETE;
import static dev.pollux.libc.Kevent.EV_EOF;
import static dev.pollux.libc.Kevent.EV_ONESHOT;
import static dev.pollux.libc.Kevent.NOTE_TRIGGER;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.EpollCalls;
import dev.pollux.libc.Errno;
import dev.pollux.libc.EventfdCalls;
import dev.pollux.libc.Kevent;
import dev.pollux.libc.KqueueCalls;
import dev.pollux.libc.Memory;
import dev.pollux.libc.Sockets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A kqueue as kqueue(2) documents it, over epoll: an entry (a knote) for each filter of a
/// descriptor; adding what is there changes its user data but not its flags; deleting what is not
/// there is `ENOENT`; entries of a closed file vanish; a one-shot entry is deleted as it is
/// reported; a failed change is the result when there is no room for events; no room for events
/// also means no wait. `EV_EOF` on the filter for writing means that one cannot send any more, be
/// it by one's own `shutdown(2)`; a time above 10^8 s is `EINVAL`, as on macOS. A regular file
/// counts as read to its end: never ready.
///
/// Each filter has an epoll of its own, and one more, the kqueue's number, watches them. What the
/// program triggers itself (`EVFILT_USER`) is an eventfd in one of them.
final class FakeKqueue implements KqueueCalls {
    /// Entries of closed files that a duplicate keeps in epoll, so many at most.
    private static final int FORGOTTEN_MAX = 256;

    private final Map<Integer, Queue> queues = new ConcurrentHashMap<>();

    @Override
    public int kqueue() {
        int fd = EpollCalls.create();
        if (fd >= 0) {
            queues.put(fd, new Queue(fd));
        }
        return fd;
    }

    @Override
    public int kevent(
            int kqueue,
            long changes,
            int changeCount,
            long events,
            int eventsMax,
            long timeoutNanos) {
        Queue queue = queues.get(kqueue);
        if (queue == null) {
            return -Errno.EBADF;
        }
        if (timeoutNanos > 100_000_000L * 1_000_000_000L) {
            return -Errno.EINVAL;
        }
        for (int i = 0; i < changeCount; i++) {
            int result = queue.change(changes, i);
            if (result < 0) {
                return result;
            }
        }
        return eventsMax == 0 ? 0 : queue.await(events, eventsMax, timeoutNanos);
    }

    @Override
    public int close(int kqueue) {
        Queue queue = queues.remove(kqueue);
        return queue == null ? -Errno.EBADF : queue.close();
    }

    /// What was added under a descriptor and a filter. Its epoll entry carries the number, so that
    /// what epoll still reports of a closed descriptor with a duplicate is not taken for its
    /// successor: kqueue forgets both. What epoll watches is the descriptor, or what stands for the
    /// number that the program triggers.
    private record Knote(int fd, int flags, long udata, int number, int watched) {}

    /// The entries of one filter.
    private static final class Filter {
        final int filter;
        final int epoll = DescriptorEnd.check(EpollCalls.create());
        private final Map<Integer, Knote> knotes = new HashMap<>();
        private final Map<Integer, Knote> byNumber = new HashMap<>();
        private int lastNumber;

        Filter(int filter) {
            this.filter = filter;
        }

        private int bits(int flags) {
            int asked =
                    switch (filter) {
                        case EVFILT_READ -> EpollCalls.EPOLLIN | EpollCalls.EPOLLRDHUP;
                        case EVFILT_WRITE -> EpollCalls.EPOLLOUT;
                        case EVFILT_USER -> EpollCalls.EPOLLIN;
                        // A hangup is no exceptional condition, but epoll reports it: as an edge,
                        // once.
                        default -> EpollCalls.EPOLLPRI | EpollCalls.EPOLLET;
                    };
            return (flags & EV_CLEAR) != 0 ? asked | EpollCalls.EPOLLET : asked;
        }

        synchronized int add(int fd, int flags, int notes, long udata) {
            Knote old = knotes.get(fd);
            if (old != null) {
                var changed = new Knote(fd, old.flags(), udata, old.number(), old.watched());
                if (control(EpollCalls.EPOLL_CTL_MOD, changed) == 0) {
                    put(changed);
                    trigger(changed, notes);
                    return 0;
                }
                forget(old); // It has vanished with its file.
            }
            int watched =
                    filter == EVFILT_USER ? DescriptorEnd.check(EventfdCalls.create(0, 0)) : fd;
            var fresh = new Knote(fd, flags, udata, ++lastNumber, watched);
            int result = control(EpollCalls.EPOLL_CTL_ADD, fresh);
            if (result == 0 || result == -Errno.EPERM) { // The latter says epoll to regular files.
                put(fresh);
                trigger(fresh, notes);
                return 0;
            }
            return result;
        }

        private void trigger(Knote knote, int notes) {
            if (filter == EVFILT_USER && (notes & NOTE_TRIGGER) != 0) {
                DescriptorEnd.check(EventfdCalls.write(knote.watched(), 1));
            }
        }

        private void put(Knote knote) {
            knotes.put(knote.fd(), knote);
            byNumber.put(knote.number(), knote);
        }

        private void forget(Knote knote) {
            knotes.remove(knote.fd());
            byNumber.remove(knote.number());
        }

        synchronized int delete(int fd) {
            Knote knote = knotes.get(fd);
            if (knote == null) {
                return Descriptors.isOpen(fd) ? -Errno.ENOENT : -Errno.EBADF;
            }
            forget(knote);
            int result =
                    filter == EVFILT_USER
                            ? Descriptors.close(knote.watched())
                            : control(EpollCalls.EPOLL_CTL_DEL, knote);
            return result == -Errno.EPERM ? 0 : result;
        }

        private int control(int operation, Knote knote) {
            return EpollCalls.ctl(
                    epoll, operation, knote.watched(), bits(knote.flags()), knote.number());
        }

        /// Reports what is ready behind the `count` events that are there already.
        synchronized int harvest(long events, int count, int max) {
            int room = knotes.size() + FORGOTTEN_MAX;
            long reported = Memory.allocate((long) room * EpollCalls.EVENT_BYTES);
            int ready = EpollCalls.wait(epoll, reported, room, 0);
            int next = count;
            for (int i = 0; i < ready && next < max; i++) {
                Knote knote = byNumber.get((int) EpollCalls.data(reported, i));
                if (knote != null && report(knote, EpollCalls.events(reported, i), events, next)) {
                    next++;
                }
            }
            Memory.free(reported);
            return next;
        }

        private boolean report(Knote knote, int bits, long events, int index) {
            boolean exceptional = filter == EVFILT_EXCEPT;
            if (exceptional && (bits & EpollCalls.EPOLLPRI) == 0) {
                return false;
            }
            int ends = EpollCalls.EPOLLHUP | EpollCalls.EPOLLERR;
            ends |= filter == EVFILT_READ ? EpollCalls.EPOLLRDHUP : 0;
            boolean ended =
                    (bits & ends) != 0 || (filter == EVFILT_WRITE && cannotSend(knote.fd()));
            int eof = ended ? EV_EOF : 0;
            int error = (bits & EpollCalls.EPOLLERR) != 0 ? Errno.ECONNRESET : 0;
            Kevent.put(events, index, knote.fd(), filter, eof, error, knote.udata());
            if ((knote.flags() & EV_ONESHOT) != 0) {
                delete(knote.fd());
            } else if (exceptional && (knote.flags() & EV_CLEAR) == 0) {
                control(EpollCalls.EPOLL_CTL_MOD, knote);
            }
            return true;
        }

        /// A send of nothing fails after `shutdown(SHUT_WR)`, and does nothing else.
        private static boolean cannotSend(int fd) {
            return Sockets.send(fd, 0, 0) == -Errno.EPIPE;
        }

        void close() {
            if (filter == EVFILT_USER) {
                knotes.values().forEach(knote -> Descriptors.close(knote.watched()));
            }
            Descriptors.close(epoll);
        }
    }

    /// One kqueue.
    private static final class Queue {
        private final int fd;
        private final List<Filter> filters =
                List.of(
                        new Filter(EVFILT_READ),
                        new Filter(EVFILT_WRITE),
                        new Filter(EVFILT_EXCEPT),
                        new Filter(EVFILT_USER));
        private final long ready = Memory.allocate((long) filters.size() * EpollCalls.EVENT_BYTES);

        Queue(int fd) {
            this.fd = fd;
            for (Filter filter : filters) {
                int add = EpollCalls.EPOLL_CTL_ADD;
                DescriptorEnd.check(EpollCalls.ctl(fd, add, filter.epoll, EpollCalls.EPOLLIN, 0));
            }
        }

        int change(long changes, int index) {
            int target = Kevent.fd(changes, index);
            int flags = Kevent.flags(changes, index);
            int wanted = Kevent.filter(changes, index);
            for (Filter filter : filters) {
                if (filter.filter == wanted) {
                    return (flags & EV_DELETE) != 0
                            ? filter.delete(target)
                            : filter.add(
                                    target,
                                    flags & ~EV_ADD,
                                    Kevent.fflags(changes, index),
                                    Kevent.udata(changes, index));
                }
            }
            return -Errno.EINVAL;
        }

        int await(long events, int max, long timeoutNanos) {
            long deadline = System.nanoTime() + Math.max(timeoutNanos, 0);
            long left = timeoutNanos;
            while (true) {
                int result = EpollCalls.wait(fd, ready, filters.size(), left);
                if (result < 0) {
                    return result;
                }
                int count = 0;
                for (Filter filter : filters) {
                    count = filter.harvest(events, count, max);
                }
                left = timeoutNanos <= 0 ? timeoutNanos : deadline - System.nanoTime();
                if (count > 0 || (timeoutNanos >= 0 && left <= 0)) {
                    return count;
                }
            }
        }

        int close() {
            filters.forEach(Filter::close);
            Memory.free(ready);
            return Descriptors.close(fd);
        }
    }
}
