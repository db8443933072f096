package dev.pollux.app;

import java.io.File;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;

/// The variable `TZ`, of which the JDK takes what it does not know for UTC, without a word.
final class TimeZones {
    private TimeZones() {}

    /// {@return what is wrong with the time zone that was asked for, in a sentence}
    static Optional<String> complaint() {
        var wanted = System.getenv("TZ");
        return complaint(wanted == null ? "" : wanted, ZoneId.systemDefault());
    }

    /// {@return the same}
    ///
    /// @param wanted the variable's value, empty for none
    /// @param taken what the JDK has made of it
    static Optional<String> complaint(String wanted, ZoneId taken) {
        var name = wanted.startsWith(":") ? wanted.substring(1) : wanted;
        // The JDK's word for an offset of zero that has no name.
        boolean doubtful = !name.isEmpty() && taken.getId().equals("GMT");
        return doubtful && !isOffset(name) && !isZone(name)
                ? Optional.of("there is no time zone " + name + " (TZ): times are those of UTC")
                : Optional.empty();
    }

    /// {@return whether it is the other form, such as `UTC0`: a name for people, and an offset}
    private static boolean isOffset(String name) {
        return name.matches("([A-Za-z]{3,}|<[^>]+>)[-+]?\\d.*");
    }

    private static boolean isZone(String name) {
        if (name.startsWith("/")) {
            return new File(name).exists(); // A Path refuses what the locale cannot hold.
        }
        try {
            return ZoneId.of(name).getRules() != null;
        } catch (DateTimeException _) {
            return false;
        }
    }
}
