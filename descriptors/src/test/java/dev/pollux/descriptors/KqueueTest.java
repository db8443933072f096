package dev.pollux.descriptors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.EventfdCalls;
import dev.pollux.libc.Kevent;
import dev.pollux.libc.KqueueCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What goes to `kevent(2)`, and what is made of its answers: there is no kqueue here.
@ExtendWith(LeakCheck.class)
final class KqueueTest {
    /// Writes down changes, and answers waits as told.
    private static final class Recorded implements KqueueCalls {
        final List<String> changes = new ArrayList<>();
        final List<int[]> events = new ArrayList<>();
        int interruptions;
        int refusal;

        @Override
        public int kqueue() {
            return EventfdCalls.create(0, 0); // Any descriptor that can be closed.
        }

        @Override
        public int kevent(int kqueue, long from, int count, long to, int max, long nanos) {
            for (int i = 0; i < count; i++) {
                changes.add(
                        Kevent.fd(from, i)
                                + " "
                                + Kevent.filter(from, i)
                                + " "
                                + Kevent.flags(from, i));
            }
            if (max > 0 && interruptions-- > 0) {
                return -Errno.EINTR;
            }
            int given = Math.min(max, events.size());
            for (int i = 0; i < given; i++) {
                int[] event = events.get(i);
                Kevent.put(to, i, event[0], event[1], event[2], 0, 0);
            }
            return refusal < 0 ? refusal : given;
        }

        @Override
        public int close(int kqueue) {
            return Descriptors.close(kqueue);
        }
    }

    private final Recorded kernel = new Recorded();

    @Test
    void readingAndWritingAreTwoFilters() throws Exception {
        try (Kqueue kqueue = Kqueue.open(kernel)) {
            kqueue.register(7, Kqueue.READ | Kqueue.WRITE | Kqueue.CLEAR);
            kqueue.unregister(7, Kqueue.WRITE);
            int add = Kevent.EV_ADD | Kevent.EV_CLEAR;
            assertThat(kernel.changes)
                    .containsExactly("7 -1 " + add, "7 -2 " + add, "7 -2 " + Kevent.EV_DELETE);
            assertThatThrownBy(() -> kqueue.register(7, Kqueue.CLEAR))
                    .isInstanceOf(IllegalArgumentException.class);
            kernel.refusal = -Errno.EBADF;
            assertThatThrownBy(() -> kqueue.register(8, Kqueue.READ))
                    .hasMessageStartingWith("kevent(fd 8): EBADF");
        }
    }

    @Test
    void whatIsReadyComesWithItsEnd() throws Exception {
        try (Kqueue kqueue = Kqueue.open(kernel)) {
            kernel.interruptions = 2;
            kernel.events.add(new int[] {7, Kevent.EVFILT_READ, Kevent.EV_EOF});
            kernel.events.add(new int[] {9, Kevent.EVFILT_WRITE, 0});
            assertThat(kqueue.poll(Duration.ofDays(100_000)))
                    .containsExactly(
                            new Polled(7, Kqueue.READ | Kqueue.EOF), new Polled(9, Kqueue.WRITE));
        }
    }
}
