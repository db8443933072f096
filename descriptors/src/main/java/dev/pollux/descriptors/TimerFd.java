package dev.pollux.descriptors;

import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.TimerfdCalls;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/// A timer that is a descriptor, `timerfd_create(2)`: readable once it has expired. It never
/// blocks. Linux only.
///
/// Times longer than 292 years count as that long.
public final class TimerFd implements OwnedDescriptor {
    private final Ownership ownership;
    private final boolean ofDay;

    private TimerFd(int clock) throws ErrnoException {
        int fd = ErrnoException.check(TimerfdCalls.create(clock), "timerfd_create", -1);
        ofDay = clock == TimerfdCalls.CLOCK_REALTIME;
        ownership = Ownership.of(fd, Ownership.Kind.FILE, "a TimerFd", false);
    }

    /// {@return a timer that measures time, whatever is done to the machine's clock; it does not
    /// run yet}
    ///
    /// @throws ErrnoException if the kernel refuses it, as `EMFILE`
    public static TimerFd open() throws ErrnoException {
        return new TimerFd(TimerfdCalls.CLOCK_MONOTONIC);
    }

    /// {@return a timer by the time of day, which [#startAt] needs; it does not run yet}
    ///
    /// @throws ErrnoException if the kernel refuses it, as `EMFILE`
    public static TimerFd ofTimeOfDay() throws ErrnoException {
        return new TimerFd(TimerfdCalls.CLOCK_REALTIME);
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    /// Runs the timer once. What it has expired before is forgotten.
    ///
    /// @param delay how long; zero or negative expires at once
    /// @throws IOException if it is closed
    public void start(Duration delay) throws IOException {
        settime(0, atLeastOne(nanos(delay)), 0);
    }

    /// Runs the timer again and again. What it has expired before is forgotten.
    ///
    /// @param period how long between two times, and before the first; above zero
    /// @throws IOException if it is closed
    public void startEvery(Duration period) throws IOException {
        if (!period.isPositive()) {
            throw new IllegalArgumentException("a period is above zero: " + period);
        }
        settime(0, nanos(period), nanos(period));
    }

    /// Runs the timer until a time of day, also if the machine's clock is set meanwhile.
    ///
    /// @param time when; the past expires at once
    /// @throws IllegalStateException if the timer is not by the time of day
    /// @throws IOException if it is closed
    public void startAt(Instant time) throws IOException {
        if (!ofDay) {
            throw new IllegalStateException("not by the time of day: TimerFd.ofTimeOfDay()");
        }
        long nanos = nanos(Duration.between(Instant.EPOCH, time));
        settime(TimerfdCalls.TFD_TIMER_ABSTIME, atLeastOne(nanos), 0);
    }

    /// Stops the timer. What it has expired before is forgotten.
    ///
    /// @throws IOException if it is closed
    public void stop() throws IOException {
        settime(0, 0, 0);
    }

    /// Zero would stop it.
    private static long atLeastOne(long nanos) {
        return Math.max(nanos, 1);
    }

    private static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException _) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private void settime(int flags, long first, long interval) throws IOException {
        int fd = ownership.begin();
        try {
            int result = TimerfdCalls.settime(fd, flags, first, interval);
            ErrnoException.check(result, "timerfd_settime", fd);
        } finally {
            ownership.end();
        }
    }

    /// {@return how often it has expired since this was asked last, 0 for never}
    ///
    /// @throws IOException if it is closed
    public long take() throws IOException {
        int fd = ownership.beginWait();
        try {
            long result;
            do {
                result = TimerfdCalls.read(fd);
            } while (ownership.again(result));
            if (Ownership.wouldBlock(result)) {
                return 0;
            }
            if (result < 0) {
                throw ownership.failure(result, "read");
            }
            return result;
        } finally {
            ownership.endWait();
        }
    }

    @Override
    public String toString() {
        return ownership.toString();
    }
}
