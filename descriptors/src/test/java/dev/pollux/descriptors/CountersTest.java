package dev.pollux.descriptors;

import static dev.pollux.descriptors.ErrnoAssertions.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Errno;
import dev.pollux.libc.PollCalls;
import dev.pollux.libc.SignalCalls;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What counts, expires, signals or ends.
@Timeout(60)
@ExtendWith(LeakCheck.class)
final class CountersTest {
    private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
    private static final int SIGKILL = 9;

    /// Waits in the kernel until a descriptor is readable.
    private static void awaitReadable(Descriptor descriptor) throws Exception {
        try (Epoll epoll = Epoll.open()) {
            epoll.register(descriptor, Epoll.EPOLLIN);
            assertThat(epoll.poll(Duration.ofSeconds(30))).isNotEmpty();
        }
    }

    private static boolean isReadable(Descriptor descriptor) throws Exception {
        try (Epoll epoll = Epoll.open()) {
            epoll.register(descriptor, PollCalls.POLLIN);
            return !epoll.poll(Duration.ZERO).isEmpty();
        }
    }

    @Test
    void aCounterIsTakenAsAWholeAndASemaphoreByOne() throws Exception {
        try (EventFd counter = EventFd.open();
                EventFd semaphore = EventFd.semaphore(2)) {
            assertThat(counter.take()).isZero();
            assertThat(counter.add(3)).isTrue();
            assertThat(counter.add(4)).isTrue();
            assertThat(isReadable(counter)).isTrue();
            assertThat(counter.take()).isEqualTo(7);
            assertThat(isReadable(counter)).isFalse();
            assertThat(semaphore.take()).isEqualTo(1);
            assertThat(semaphore.take()).isEqualTo(1);
            assertThat(semaphore.take()).isZero();
            assertThatThrownBy(() -> counter.add(0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> EventFd.semaphore(-1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aFullCounterCountsNoMore() throws Exception {
        try (EventFd counter = EventFd.open()) {
            assertThat(counter.add(Long.MAX_VALUE)).isTrue();
            assertThat(counter.add(Long.MAX_VALUE)).as("2^64 - 2, the most").isTrue();
            assertThat(counter.add(1)).isFalse();
            assertThat(counter.take()).as("as much as a long holds").isEqualTo(Long.MAX_VALUE);
            assertThat(counter.take()).isZero();
        }
    }

    @Test
    void aTimerExpiresOnceOrAgainAndAgainOrAtATime() throws Exception {
        try (TimerFd timer = TimerFd.open();
                TimerFd clock = TimerFd.ofTimeOfDay()) {
            assertThat(timer.take()).isZero();
            timer.start(Duration.ofSeconds(-5));
            awaitReadable(timer);
            assertThat(timer.take()).isEqualTo(1);
            assertThat(timer.take()).isZero();
            timer.startEvery(Duration.ofMillis(1));
            awaitReadable(timer);
            assertThat(timer.take()).isPositive();
            awaitReadable(timer);
            timer.stop();
            assertThat(timer.take()).as("forgotten").isZero();
            for (Instant past : new Instant[] {Instant.MIN, Instant.EPOCH, Instant.now()}) {
                clock.startAt(past);
                awaitReadable(clock);
                assertThat(clock.take()).isEqualTo(1);
            }
            assertThatThrownBy(() -> timer.startAt(Instant.now()))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> timer.startEvery(Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theLongestTimesAreLong() throws Exception {
        try (TimerFd timer = TimerFd.open();
                TimerFd clock = TimerFd.ofTimeOfDay()) {
            timer.start(LONGEST);
            assertThat(isReadable(timer)).isFalse();
            timer.startEvery(LONGEST);
            assertThat(isReadable(timer)).isFalse();
            clock.startAt(Instant.MAX);
            assertThat(isReadable(clock)).isFalse();
            timer.start(LONGEST.negated());
            awaitReadable(timer);
        }
    }

    @Test
    void aSignalOfTheOwnThreadIsTakenInsteadOfHandled() throws Exception {
        var outcome =
                new Sleeper(() -> {
                    try (SignalFd signals = SignalFd.open(SignalCalls.SIGURG)) {
                        assertThat(signals.take()).isEmpty();
                        SignalCalls.tgkill(SignalCalls.gettid(), SignalCalls.SIGURG);
                        awaitReadable(signals);
                        assertThat(signals.take()).isEqualTo(OptionalInt.of(SignalCalls.SIGURG));
                        return signals.take();
                    }
                });
        assertThat(outcome.result()).isEqualTo(OptionalInt.empty());
        assertThatThrownBy(() -> SignalFd.open(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aProcessIsReadableOnceItHasEnded() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "1000").start();
        try (PidFd process = PidFd.open(sleep)) {
            assertThat(isReadable(process)).isFalse();
            assertThat(process.signal(0)).isTrue();
            assertThat(process.signal(SIGKILL)).isTrue();
            awaitReadable(process);
            assertThat(sleep.waitFor()).isEqualTo(128 + SIGKILL);
            assertThat(process.signal(SIGKILL)).as("reaped").isFalse();
            assertThat(isReadable(process)).isTrue();
            assertErrno(Errno.ESRCH, () -> PidFd.open(sleep));
            assertErrno(Errno.EINVAL, () -> PidFd.open(-1));
        } finally {
            sleep.getOutputStream().close();
            sleep.getInputStream().close();
            sleep.getErrorStream().close();
        }
    }

    @Test
    void nothingWorksOnceItIsClosed() throws Exception {
        EventFd counter = EventFd.open();
        TimerFd timer = TimerFd.open();
        counter.close();
        timer.close();
        assertThatThrownBy(counter::take).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> counter.add(1)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(timer::take).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(timer::stop).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> OpenDescriptor.duplicate(timer))
                .isInstanceOf(ClosedChannelException.class);
    }
}
