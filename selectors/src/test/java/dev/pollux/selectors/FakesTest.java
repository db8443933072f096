package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.DevpollCalls;
import dev.pollux.libc.Errno;
import dev.pollux.libc.Kevent;
import dev.pollux.libc.KqueueCalls;
import dev.pollux.libc.Memory;
import dev.pollux.libc.PollCalls;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The fakes of kqueue and /dev/poll do what the manual pages say that the real ones do.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class FakesTest {
    private static final int ROOM = 8;

    private DescriptorEnd[] pair;
    private int near;
    private long memory;
    private long events;

    @BeforeEach
    void open() {
        pair = DescriptorEnd.socketPair();
        near = pair[0].fd();
        memory = Memory.allocate((long) ROOM * Kevent.BYTES);
        events = Memory.allocate((long) ROOM * Kevent.BYTES);
    }

    @AfterEach
    void close() {
        pair[0].close();
        pair[1].close();
        Memory.free(memory);
        Memory.free(events);
    }

    private int change(FakeKqueue kqueue, int queue, int filter, int flags, long udata) {
        Kevent.put(memory, 0, near, filter, flags, 0, udata);
        return kqueue.kevent(queue, memory, 1, 0, 0, -1);
    }

    @Test
    void kqueueReportsEachFilterWithItsUserData() {
        var kqueue = new FakeKqueue();
        int queue = kqueue.kqueue();
        assertThat(change(kqueue, queue, Kevent.EVFILT_READ, Kevent.EV_ADD, 7)).isZero();
        assertThat(change(kqueue, queue, Kevent.EVFILT_WRITE, Kevent.EV_ADD, 8)).isZero();
        assertThat(kqueue.kevent(queue, 0, 0, events, ROOM, 0)).isEqualTo(1);
        pair[1].send("x");
        assertThat(kqueue.kevent(queue, 0, 0, events, ROOM, -1)).isEqualTo(2);
        assertThat(Kevent.filter(events, 0)).isEqualTo(Kevent.EVFILT_READ);
        assertThat(Kevent.udata(events, 0)).isEqualTo(7);
        assertThat(Kevent.fd(events, 1)).isEqualTo(near);
        assertThat(Kevent.udata(events, 1)).isEqualTo(8);
        assertThat(kqueue.close(queue)).isZero();
        assertThat(kqueue.close(queue)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void kqueueAddsAgainWithoutChangingTheFlags() {
        var kqueue = new FakeKqueue();
        int queue = kqueue.kqueue();
        int once = Kevent.EV_ADD | Kevent.EV_ONESHOT;
        change(kqueue, queue, Kevent.EVFILT_WRITE, once, 1);
        change(kqueue, queue, Kevent.EVFILT_WRITE, Kevent.EV_ADD, 2);
        assertThat(kqueue.kevent(queue, 0, 0, events, ROOM, 0)).isEqualTo(1);
        assertThat(Kevent.udata(events, 0)).isEqualTo(2);
        assertThat(kqueue.kevent(queue, 0, 0, events, ROOM, 0)).isZero();
        assertThat(change(kqueue, queue, Kevent.EVFILT_WRITE, Kevent.EV_DELETE, 0))
                .isEqualTo(-Errno.ENOENT);
        kqueue.close(queue);
    }

    @Test
    void kqueueRefusesWhatIsNotOpenAndForgetsWhatIsClosed() {
        var kqueue = new FakeKqueue();
        int queue = kqueue.kqueue();
        change(kqueue, queue, Kevent.EVFILT_WRITE, Kevent.EV_ADD, 1);
        int duplicate = DescriptorEnd.check(Descriptors.dup(near));
        pair[0].close();
        assertThat(change(kqueue, queue, Kevent.EVFILT_READ, Kevent.EV_ADD, 1))
                .isEqualTo(-Errno.EBADF);
        assertThat(change(kqueue, queue, Kevent.EVFILT_WRITE, Kevent.EV_DELETE, 1)).isNegative();
        assertThat(kqueue.kevent(queue, 0, 0, events, ROOM, 0)).isZero();
        Descriptors.close(duplicate);
        kqueue.close(queue);
    }

    @Test
    void kqueueSaysWhichDirectionHasEnded() {
        var kqueue = new FakeKqueue();
        int queue = kqueue.kqueue();
        change(kqueue, queue, Kevent.EVFILT_READ, Kevent.EV_ADD | Kevent.EV_CLEAR, 0);
        pair[1].finish();
        assertThat(kqueue.kevent(queue, 0, 0, events, ROOM, -1)).isEqualTo(1);
        assertThat(Kevent.flags(events, 0) & Kevent.EV_EOF).isEqualTo(Kevent.EV_EOF);
        assertThat(kqueue.kevent(queue, 0, 0, events, ROOM, 0)).as("an edge").isZero();
        kqueue.close(queue);
    }

    @Test
    void kqueueSaysThatOneCannotSendAfterOnesOwnHalfClose() {
        var kqueue = new FakeKqueue();
        int queue = kqueue.kqueue();
        change(kqueue, queue, Kevent.EVFILT_WRITE, Kevent.EV_ADD, 0);
        assertThat(kqueue.kevent(queue, 0, 0, events, ROOM, -1)).isEqualTo(1);
        assertThat(Kevent.flags(events, 0) & Kevent.EV_EOF).isZero();
        pair[0].finish();
        assertThat(kqueue.kevent(queue, 0, 0, events, ROOM, -1)).isEqualTo(1);
        assertThat(Kevent.flags(events, 0) & Kevent.EV_EOF).isEqualTo(Kevent.EV_EOF);
        kqueue.close(queue);
    }

    @Test
    void kqueueReportsWhatTheProgramTriggersUntilItIsDeleted() {
        var kqueue = new FakeKqueue();
        int queue = kqueue.kqueue();
        change(kqueue, queue, Kevent.EVFILT_USER, Kevent.EV_ADD, 5);
        assertThat(kqueue.kevent(queue, 0, 0, events, ROOM, 0)).isZero();
        Kevent.put(memory, 0, near, Kevent.EVFILT_USER, Kevent.EV_ADD, Kevent.NOTE_TRIGGER, 6);
        kqueue.kevent(queue, memory, 1, 0, 0, 0);
        for (int i = 0; i < 2; i++) {
            assertThat(kqueue.kevent(queue, 0, 0, events, ROOM, 0)).isEqualTo(1);
            assertThat(Kevent.udata(events, 0)).isEqualTo(6);
        }
        assertThat(change(kqueue, queue, Kevent.EVFILT_USER, Kevent.EV_DELETE, 0)).isZero();
        assertThat(kqueue.kevent(queue, 0, 0, events, ROOM, 0)).isZero();
        kqueue.close(queue);
    }

    @Test
    void kqueueTakesTimesOfThreeYears() {
        var kqueue = new FakeKqueue();
        int queue = kqueue.kqueue();
        change(kqueue, queue, Kevent.EVFILT_WRITE, Kevent.EV_ADD, 0);
        long most = KqueueCalls.TIMEOUT_NANOS_MAX;
        assertThat(kqueue.kevent(queue, 0, 0, events, ROOM, most)).isEqualTo(1);
        assertThat(kqueue.kevent(queue, 0, 0, events, ROOM, most + 1)).isEqualTo(-Errno.EINVAL);
        kqueue.close(queue);
    }

    private int write(FakeDevpoll devpoll, int device, int bits) {
        PollCalls.put(memory, 0, near, bits);
        return devpoll.write(device, memory, 1);
    }

    @Test
    void devpollAddsToWhatIsThereUntilItIsRemoved() {
        var devpoll = new FakeDevpoll();
        int device = devpoll.open();
        assertThat(write(devpoll, device, PollCalls.POLLIN)).isEqualTo(8);
        assertThat(devpoll.poll(device, events, ROOM, 0)).isZero();
        write(devpoll, device, PollCalls.POLLOUT);
        pair[1].send("x");
        assertThat(devpoll.poll(device, events, ROOM, -1)).isEqualTo(1);
        assertThat(PollCalls.fd(events, 0)).isEqualTo(near);
        assertThat(PollCalls.revents(events, 0)).isEqualTo(PollCalls.POLLIN | PollCalls.POLLOUT);
        write(devpoll, device, DevpollCalls.POLLREMOVE);
        assertThat(devpoll.poll(device, events, ROOM, 0)).isZero();
        assertThat(devpoll.close(device)).isZero();
        assertThat(devpoll.close(device)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void aSelectorAsksDevpollForNoMoreThanIsRegistered() throws Exception {
        long limit = Descriptors.nofileSoft();
        try (Selector<String> selector = Bench.DEVPOLL.open()) {
            DescriptorEnd.check(Descriptors.setNofileSoft(100));
            assertThat(selector.select(Duration.ZERO)).isEmpty();
        } finally {
            DescriptorEnd.check(Descriptors.setNofileSoft(limit));
        }
    }

    @Test
    void devpollTakesNoMoreRoomThanThereAreDescriptors() {
        var devpoll = new FakeDevpoll();
        int device = devpoll.open();
        int limit = (int) Math.min(Descriptors.nofileSoft(), Integer.MAX_VALUE - 1);
        assertThat(devpoll.poll(device, events, limit, 0)).isZero();
        assertThat(devpoll.poll(device, events, limit + 1, 0)).isEqualTo(-Errno.EINVAL);
        devpoll.close(device);
    }

    @Test
    void devpollReportsWhatWasClosed() {
        var devpoll = new FakeDevpoll();
        int device = devpoll.open();
        write(devpoll, device, PollCalls.POLLIN);
        pair[0].close();
        assertThat(devpoll.poll(device, events, ROOM, -1)).isEqualTo(1);
        assertThat(PollCalls.revents(events, 0)).isEqualTo(PollCalls.POLLNVAL);
        devpoll.close(device);
    }
}
