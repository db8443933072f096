package dev.pollux.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Cuts a stream of bytes into lines of text. Does no I/O: bytes go in as they come, lines come
/// out.
///
/// A line ends with LF or CR LF. Bytes may be split anywhere, inside a character too. A line is
/// handed out when it is complete, at most [#LINE_BYTES_MAX] long, well-formed UTF-8 and free of
/// control characters (TAB is none) and of invisible ones (joiners, direction marks and variation
/// selectors are none); else its own [Result] says what is wrong with it, and the next line is as
/// good as any. Telnet commands are taken out. A stream that opens with HTTP or TLS has no lines:
/// that shows in its first bytes, and is [Result#FOREIGN].
///
/// A line that is too long is reported as soon as that is known, and the rest of it is thrown away
/// to the next LF; when that does not come within [#ENDLESS_BYTES_MAX], the result is
/// [Result#ENDLESS].
///
/// Keeps a buffer of up to 1 KiB for its lines, made when the first line comes: so a connection
/// that says nothing costs nothing, and one that says lines of ordinary length allocates nothing.
/// Belongs to one thread.
public final class LineDecoder {
    /// The most bytes of one line, its end not counted.
    public static final int LINE_BYTES_MAX = 4096;

    /// How many bytes of one line are thrown away before it counts as a line without end.
    public static final int ENDLESS_BYTES_MAX = 64 * 1024;

    /// A bigger buffer is given back after its line.
    private static final int KEPT_BYTES = 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /// What [#next] found.
    public enum Result {
        /// No complete line: everything was consumed, and more must come.
        MORE(""),
        /// A line of text: [#line] and [#text] give it.
        LINE(""),
        /// A line of more than [#LINE_BYTES_MAX] bytes, not handed out.
        TOO_LONG("not sent: a line has at most " + LINE_BYTES_MAX + " bytes"),
        /// A line that is not UTF-8, not handed out.
        NOT_UTF8("not sent: that line is not UTF-8"),
        /// A line with control characters, not handed out.
        CONTROL("not sent: that line has control characters"),
        /// A line with invisible characters that no script needs, not handed out.
        INVISIBLE("not sent: that line has invisible characters"),
        /// A line without end: nothing sensible is to be expected from this peer any more.
        ENDLESS("a line without end: good bye"),
        /// The stream opens with HTTP or TLS: nothing of it is to be listened to.
        FOREIGN("lines of text are spoken here, not HTTP or TLS: good bye");

        private final String complaint;

        Result(String complaint) {
            this.complaint = complaint;
        }

        /// {@return what to tell the peer; empty when there is nothing to complain of}
        public String complaint() {
            return complaint;
        }
    }

    /// The line so far, or the complete one; position 0, limit at its end.
    private ByteBuffer line = NOTHING;

    /// True when the next call begins a new line.
    private boolean complete = true;

    /// True up to the end of the stream's first line, where that may show a foreign protocol.
    private boolean opening;

    /// Bytes thrown away of a line that was too long; -1 when nothing is being thrown away.
    private int discarded = -1;

    private LineDecoder(boolean opening) {
        this.opening = opening;
    }

    /// Creates a decoder at the beginning of a peer's stream.
    public LineDecoder() {
        this(true);
    }

    /// {@return a decoder of what somebody types here} No web page has a hand in that: a line that
    /// looks like HTTP is a line, and nothing is [Result#FOREIGN].
    public static LineDecoder typed() {
        return new LineDecoder(false);
    }

    /// Takes bytes up to the end of the next line.
    ///
    /// @param bytes what has come; consumed up to and including the line's end, or entirely
    /// @return what was found; when it is not [Result#MORE], there may be more in `bytes`
    public Result next(ByteBuffer bytes) {
        begin();
        int end = indexOfNewline(bytes);
        if (opening && opensForeign(bytes, end)) {
            bytes.position(bytes.limit());
            return Result.FOREIGN;
        }
        if (discarded >= 0) {
            if (end < 0) {
                return discard(bytes);
            }
            bytes.position(end + 1);
            discarded = -1;
            end = indexOfNewline(bytes);
        }
        int taken = (end < 0 ? bytes.limit() : end) - bytes.position();
        boolean fits = line.limit() + taken <= LINE_BYTES_MAX + 1; // 1: the CR
        if (fits) {
            append(bytes, taken);
        }
        if (end < 0) {
            return fits ? Result.MORE : discardFirst(bytes);
        }
        bytes.position(end + 1);
        return fits ? finish() : tooLong();
    }

    /// The stream has ended: what was not yet a line is the last one.
    ///
    /// @return [Result#MORE] when there was nothing, else as [#next]
    public Result end() {
        begin();
        boolean nothing = line.limit() == 0;
        discarded = -1;
        return nothing ? Result.MORE : finish();
    }

    /// {@return the line of the last [Result#LINE], without its end: a buffer of this decoder's
    /// own, valid until the next call}
    public ByteBuffer line() {
        return line.position(0);
    }

    /// {@return the line of the last [Result#LINE] as a string}
    public String text() {
        return new String(line.array(), 0, line.limit(), UTF_8);
    }

    private void begin() {
        if (complete) {
            if (line.capacity() > KEPT_BYTES) {
                line = NOTHING;
            }
            line.limit(0);
            complete = false;
        }
    }

    /// Takes the first bytes of the stream, which tell whether it has lines.
    private boolean opensForeign(ByteBuffer bytes, int end) {
        int come = (end < 0 ? bytes.limit() : end) - bytes.position();
        append(bytes, Math.clamp(Opening.BYTES_MAX - line.limit(), 0, come));
        return Opening.isForeign(line.array(), line.limit());
    }

    private static int indexOfNewline(ByteBuffer bytes) {
        int limit = bytes.limit();
        for (int i = bytes.position(); i < limit; i++) {
            if (bytes.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void append(ByteBuffer bytes, int count) {
        int length = line.limit();
        if (line.capacity() < length + count) {
            int capacity = Math.max(64, Integer.highestOneBit(length + count) * 2);
            line = ByteBuffer.wrap(Arrays.copyOf(line.array(), capacity));
        }
        bytes.get(line.array(), length, count);
        line.limit(length + count);
    }

    private Result discardFirst(ByteBuffer bytes) {
        opening = false;
        discarded = line.limit();
        line.limit(0);
        discard(bytes);
        return Result.TOO_LONG;
    }

    private Result discard(ByteBuffer bytes) {
        discarded = Math.min(discarded + bytes.remaining(), ENDLESS_BYTES_MAX);
        bytes.position(bytes.limit());
        return discarded == ENDLESS_BYTES_MAX ? Result.ENDLESS : Result.MORE;
    }

    private Result tooLong() {
        complete = true;
        opening = false;
        return Result.TOO_LONG;
    }

    private Result finish() {
        complete = true;
        byte[] text = line.array();
        int length = line.limit();
        if (length > 0 && text[length - 1] == '\r') {
            length--;
        }
        if (length > LINE_BYTES_MAX) {
            return tooLong();
        }
        line.limit(length);
        if (opening) {
            opening = false;
            if (Opening.isRequest(text())) {
                return Result.FOREIGN;
            }
        }
        return check(text, length);
    }

    private Result check(byte[] text, int length) {
        int at = 0;
        while (at < length) {
            byte b = text[at];
            if (b >= ' ' ? b == 0x7F : b >= 0 && b != '\t') {
                return Result.CONTROL;
            }
            int taken = b >= 0 ? 1 : Utf8.sequenceLength(text, at, length);
            if (taken == 0) {
                return b == Telnet.IAC ? strip(text, length) : Result.NOT_UTF8;
            }
            if (taken == 2 && b == (byte) 0xC2 && (text[at + 1] & 0xFF) < 0xA0) {
                return Result.CONTROL; // U+0080 to U+009F, which terminals obey too
            }
            if (taken > 2 && Invisible.inText(Utf8.codePoint(text, at, taken))) {
                return Result.INVISIBLE;
            }
            at += taken;
        }
        return Result.LINE;
    }

    private Result strip(byte[] text, int length) {
        int left = Telnet.strip(text, length);
        line.limit(left);
        return left < length ? check(text, left) : Result.NOT_UTF8;
    }
}
