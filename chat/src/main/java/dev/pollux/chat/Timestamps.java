package dev.pollux.chat;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// The time as it stands in front of a message, `2026/11/21 00:15:30 `, rendered once per second.
/// Any thread may ask.
final class Timestamps {
    /// How many bytes a timestamp has, the space behind it counted.
    static final int LENGTH = 20;

    private final InstantSource clock;
    private final ZoneId zone;

    /// The latest one. Two threads may both render a new second; either result is right.
    private volatile Rendered latest = new Rendered(Long.MIN_VALUE, new byte[0]);

    /// A second and its text: both in one object, so that they are always seen together.
    private static final class Rendered {
        /// Since the epoch.
        final long second;

        /// Never changed.
        final byte[] text;

        Rendered(long second, byte[] text) {
            this.second = second;
            this.text = text;
        }
    }

    /// Creates the timestamps of a clock.
    ///
    /// @param clock what time it is
    /// @param zone where
    Timestamps(InstantSource clock, ZoneId zone) {
        this.clock = clock;
        this.zone = zone;
    }

    /// {@return the timestamp of now: the same array for the whole second, not to be changed}
    byte[] now() {
        long second = second();
        var rendered = latest;
        if (rendered.second != second) {
            rendered = new Rendered(second, render(second));
            latest = rendered;
        }
        return rendered.text;
    }

    /// {@return the seconds since the epoch}
    long second() {
        return Math.floorDiv(clock.millis(), 1000L);
    }

    private byte[] render(long second) {
        ZoneOffset offset = zone.getRules().getOffset(Instant.ofEpochSecond(second));
        var time = LocalDateTime.ofEpochSecond(second, 0, offset);
        byte[] text = new byte[LENGTH];
        digits(text, 0, time.getYear() / 100, '0');
        digits(text, 2, time.getYear() % 100, '/');
        digits(text, 5, time.getMonthValue(), '/');
        digits(text, 8, time.getDayOfMonth(), ' ');
        digits(text, 11, time.getHour(), ':');
        digits(text, 14, time.getMinute(), ':');
        digits(text, 17, time.getSecond(), ' ');
        return text;
    }

    /// Two digits and what follows them.
    private static void digits(byte[] text, int at, int value, char next) {
        text[at] = (byte) ('0' + value / 10);
        text[at + 1] = (byte) ('0' + value % 10);
        text[at + 2] = (byte) next;
    }
}
