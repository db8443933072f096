package dev.pollux.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.chat.LineDecoder.Result;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LineDecoderTest {
    /// Everything that comes out: the lines' texts, and the names of the other results.
    private static List<String> decode(byte[]... chunks) {
        var decoder = new LineDecoder();
        var found = new ArrayList<String>();
        for (var chunk : chunks) {
            var bytes = ByteBuffer.allocateDirect(chunk.length).put(chunk).flip();
            var result = Result.LINE;
            while (result != Result.MORE && result != Result.ENDLESS) {
                result = decoder.next(bytes);
                add(found, decoder, result);
            }
            assertThat(bytes.hasRemaining()).isFalse();
        }
        add(found, decoder, decoder.end());
        return found;
    }

    private static void add(List<String> found, LineDecoder decoder, Result result) {
        if (result != Result.MORE) {
            found.add(result == Result.LINE ? decoder.text() : result.name());
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    /// One char is one byte.
    private static byte[] raw(String text) {
        return text.getBytes(ISO_8859_1);
    }

    @Test
    void linesEndWithLfOrCrLf() {
        assertThat(decode(utf8("one\ntwo\r\n\nfour\r\n")))
                .containsExactly("one", "two", "", "four");
    }

    @Test
    void theLastLineNeedsNoEnd() {
        assertThat(decode(utf8("one\n再见"))).containsExactly("one", "再见");
    }

    @Test
    void anEmptyStreamHasNoLine() {
        assertThat(decode()).isEmpty();
        assertThat(decode(utf8("one\n"))).containsExactly("one");
    }

    @Test
    void theSameLinesComeOutWhereverTheBytesAreSplit() {
        var bytes = raw("a\r\n\u00ff\u00fb\u0001" + new String(utf8("你好\n😀é\nbad "), ISO_8859_1));
        bytes = concat(bytes, raw("\u00c0\u0080\nok\n"));
        var whole = decode(bytes);
        assertThat(whole).containsExactly("a", "你好", "😀é", "NOT_UTF8", "ok");
        for (int i = 0; i <= bytes.length; i++) {
            for (int j = i; j <= bytes.length; j++) {
                var chunks = new byte[][] {slice(bytes, 0, i), slice(bytes, i, j), slice(bytes, j)};
                assertThat(decode(chunks)).as("split at %d and %d", i, j).isEqualTo(whole);
            }
        }
    }

    private static byte[] concat(byte[] a, byte[] b) {
        return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
    }

    private static byte[] slice(byte[] bytes, int from, int... to) {
        return Arrays.copyOfRange(bytes, from, to.length == 0 ? bytes.length : to[0]);
    }

    @Test
    void theLineIsTheDecodersOwnBuffer() {
        var decoder = new LineDecoder();
        assertThat(decoder.next(ByteBuffer.wrap(utf8("hé\nx")))).isEqualTo(Result.LINE);
        assertThat(decoder.line()).isEqualTo(ByteBuffer.wrap(utf8("hé")));
    }

    @Test
    void aLineOfTheMostBytesIsTakenAndOneMoreIsNot() {
        var longest = "x".repeat(LineDecoder.LINE_BYTES_MAX);
        assertThat(decode(utf8(longest + "\r\n" + longest + "\n")))
                .containsExactly(longest, longest);
        assertThat(decode(utf8(longest + "y\nnext\n"))).containsExactly("TOO_LONG", "next");
        assertThat(decode(utf8(longest + "y\r\nnext\n"))).containsExactly("TOO_LONG", "next");
        assertThat(decode(utf8(longest + "y"))).containsExactly("TOO_LONG");
    }

    @Test
    void aLineThatIsTooLongIsToldBeforeItEndsAndOnce() {
        var decoder = new LineDecoder();
        assertThat(decoder.next(ByteBuffer.wrap(new byte[4000]))).isEqualTo(Result.MORE);
        assertThat(decoder.next(ByteBuffer.wrap(new byte[200]))).isEqualTo(Result.TOO_LONG);
        assertThat(decoder.next(ByteBuffer.wrap(new byte[10_000]))).isEqualTo(Result.MORE);
        var rest = ByteBuffer.wrap(utf8("tail\n好\n"));
        assertThat(decoder.next(rest)).isEqualTo(Result.LINE);
        assertThat(decoder.text()).isEqualTo("好");
        assertThat(decoder.end()).isEqualTo(Result.MORE);
    }

    @Test
    void aLineThatGoesOnAndOnIsEndless() {
        var decoder = new LineDecoder();
        assertThat(decoder.next(ByteBuffer.wrap(new byte[60_000]))).isEqualTo(Result.TOO_LONG);
        assertThat(decoder.next(ByteBuffer.wrap(new byte[5_000]))).isEqualTo(Result.MORE);
        assertThat(decoder.next(ByteBuffer.wrap(new byte[536]))).isEqualTo(Result.ENDLESS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nul\0",
                "\u0007",
                "esc\u001b[2J",
                "lone\rcr",
                "del\u007f",
                "c1\u0085",
                "\u009b"
            })
    void controlCharactersAreRefused(String text) {
        assertThat(decode(utf8(text + "\nnext\n"))).containsExactly("CONTROL", "next");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zero\u200bwidth",
                "two\u2028lines",
                "two\u2029paragraphs",
                "over\u202eride",
                "iso\u2066late",
                "\ufeffmark",
                "hidden\udb40\udc41tag"
            })
    void invisibleCharactersAreRefused(String text) {
        assertThat(decode(utf8(text + "\nnext\n"))).containsExactly("INVISIBLE", "next");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "你好，世界",
                "👩\u200d👩\u200d👧 ❤\ufe0f",
                "می\u200cخواهم",
                "שלום\u200f!",
                "𠀀",
                "\ue000"
            })
    void whatScriptsAndEmojiNeedIsText(String text) {
        assertThat(decode(utf8(text + "\n"))).containsExactly(text);
    }

    @Test
    void tabsAndNoBreakSpacesAreText() {
        assertThat(decode(utf8("a\tb\u00a0c\n"))).containsExactly("a\tb\u00a0c");
    }

    @Test
    void telnetCommandsAreTakenOut() {
        assertThat(decode(raw("\u00ff\u00fd\u0003\u00ff\u00fb\u0018hel\u00ff\u00f1lo\r\n")))
                .containsExactly("hello");
        // The window's size, and a terminal's name: IAC SB ... IAC SE.
        assertThat(
                        decode(
                                raw(
                                        "a\u00ff\u00fa\u001f\0\u0050\u00ff\u00ff\u0018\u00ff\u00f0b"
                                                + "\u00ff\u00fa\u0018\0xterm\u00ff\u00f0\n")))
                .containsExactly("ab");
        // The interrupt key: IAC IP, IAC DO TIMING-MARK.
        assertThat(decode(raw("\u00ff\u00f4\u00ff\u00fd\u0006hello\n"))).containsExactly("hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00ff",
                "\u00ff\u00fe",
                "\u00ff\u00ff",
                "\u00ff\u00feh\u0000i\u0000",
                "a\u00ff\u00fb",
                "\u00ff\u00fd\u0003\u00ff",
                "\u00ff\u00fa\u001f\u00ff\u00ff\u00f0",
                "\u00ff\u00faA\u00ff\u00f0"
            })
    void whatOnlyLooksLikeTelnetIsNotUtf8(String bytes) {
        assertThat(decode(raw(bytes + "\nnext\n"))).containsExactly("NOT_UTF8", "next");
    }

    @Test
    void whatIsUtf8IsDecidedAsTheJdkDecidesIt() {
        var random = new Random(20261121);
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(5)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextBoolean() ? 0x80 + random.nextInt(0x7F) : 'a');
            }
            var found = decode(bytes).getFirst();
            boolean refused = found.equals("CONTROL") || found.equals("INVISIBLE");
            assertThat(refused ? "NOT_UTF8" : found)
                    .as("%s", HexFormat.of().formatHex(bytes))
                    .isEqualTo(expected(bytes));
        }
    }

    private static String expected(byte[] bytes) {
        try {
            var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            boolean refused =
                    text.chars().anyMatch(Character::isISOControl)
                            || text.codePoints().anyMatch(Invisible::inText);
            return refused ? "NOT_UTF8" : text;
        } catch (CharacterCodingException e) {
            return "NOT_UTF8";
        }
    }

    @Test
    void aStreamThatOpensWithHttpIsForeignAndATypedLineIsNot() {
        assertThat(new LineDecoder().next(ByteBuffer.wrap(utf8("GET /"))))
                .isEqualTo(Result.FOREIGN);
        var typed = LineDecoder.typed();
        assertThat(typed.next(ByteBuffer.wrap(utf8("GET / HTTP/1.1\n")))).isEqualTo(Result.LINE);
        assertThat(typed.text()).isEqualTo("GET / HTTP/1.1");
    }
}
