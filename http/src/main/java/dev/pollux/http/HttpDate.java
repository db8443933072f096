package dev.pollux.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Dates as header fields carry them (RFC 9110, section 5.6.7): written in the one preferred form,
/// read in all three.
public final class HttpDate {
    /// `Sun, 06 Nov 1994 08:49:37 GMT`
    private static final DateTimeFormatter PREFERRED =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
                    .withZone(ZoneOffset.UTC);

    /// `Sunday, 06-Nov-94 08:49:37 GMT`. The weekday is not compared: it depends on the century,
    /// which is a guess.
    private static final DateTimeFormatter RFC_850 =
            new DateTimeFormatterBuilder()
                    .appendPattern("dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.US)
                    .withZone(ZoneOffset.UTC);

    /// `Sun Nov 6 08:49:37 1994`
    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.US)
                    .withZone(ZoneOffset.UTC);

    private static final List<String> WEEKDAYS =
            List.of("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday");

    private HttpDate() {}

    /// {@return a date in the preferred form}
    ///
    /// @param date the date; what is below a second is dropped
    public static String format(Instant date) {
        return PREFERRED.format(date);
    }

    /// {@return the date, null when the text is none}
    ///
    /// @param text the value of a header field
    public static @Nullable Instant parse(String text) {
        int comma = text.indexOf(", ");
        if (comma == 3) {
            return parse(PREFERRED, text);
        }
        if (comma > 3 && WEEKDAYS.contains(text.substring(0, comma))) {
            return parse(RFC_850, text.substring(comma + 2));
        }
        return parse(ASCTIME, text);
    }

    private static @Nullable Instant parse(DateTimeFormatter form, String text) {
        try {
            return ZonedDateTime.parse(text, form).toInstant();
        } catch (DateTimeException _) {
            // An answer, not a failure: a recipient ignores a date it cannot read.
            return null;
        }
    }
}
