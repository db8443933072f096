package dev.pollux.chat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How HTTP and TLS begin to speak. A web page can make its visitor's browser send a request to any
/// port, with lines of the page's choice behind its head: so a stream that opens like one is no
/// stream of lines, whatever follows.
///
/// A usual method with a path or an `http:` address behind it shows in the first bytes, long before
/// its line ends. Any other method shows at the end of the first line, by the version. Somebody who
/// types `GET lost` is still somebody who types.
final class Opening {
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT");

    private static final List<String> TARGETS = List.of("/", "http://", "https://");

    private static final List<byte[]> OPENINGS = openings();

    /// The most bytes that must be seen.
    static final int BYTES_MAX = "OPTIONS https://".length();

    private Opening() {}

    private static List<byte[]> openings() {
        var all = new ArrayList<byte[]>();
        all.add(new byte[] {0x16, 0x03}); // A TLS record with a handshake, of any version.
        for (var method : METHODS) {
            for (var target : TARGETS) {
                all.add((method + " " + target).getBytes(US_ASCII));
            }
        }
        return all;
    }

    /// {@return whether the first bytes of a stream are those of HTTP or TLS}
    ///
    /// @param text what has come, from its beginning
    /// @param length how much, in bytes; what lies beyond [#BYTES_MAX] says nothing more
    static boolean isForeign(byte[] text, int length) {
        for (var opening : OPENINGS) {
            if (length >= opening.length && startsWith(text, opening)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] text, byte[] opening) {
        return Arrays.equals(text, 0, opening.length, opening, 0, opening.length);
    }

    /// {@return whether a line is a request line: method, target and version} A target has a slash,
    /// a colon or an asterisk, which tells it from a word.
    ///
    /// @param line the line, without its end
    static boolean isRequest(String line) {
        var words = line.split(" ", -1);
        return words.length == 3
                && words[2].matches("HTTP/[0-9]\\.[0-9]")
                && words[1].matches(".*[/:*].*");
    }
}
