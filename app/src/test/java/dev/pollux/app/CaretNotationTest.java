package dev.pollux.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CaretNotationTest {
    private static String shown(byte[] bytes) {
        return new String(new CaretNotation().show(bytes, true), UTF_8);
    }

    private static String shown(String text) {
        return shown(text.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain\ttext\n", "你好 😀 é\r\n\r\n", "\ufffd\n"})
    void textStaysAsItIs(String text) {
        assertThat(shown(text)).isEqualTo(text);
    }

    @Test
    void whatATerminalWouldObeyIsShown() {
        assertThat(shown("\u001b]52;c;eA==\u0007\u0000\u007f")).isEqualTo("^[]52;c;eA==^G^@^?");
        assertThat(shown("\u009b2J")).isEqualTo("\\x9b2J");
        assertThat(shown("over\rwritten\r")).isEqualTo("over^Mwritten^M");
    }

    @Test
    void whatIsNoTextIsShownByteByByte() {
        assertThat(shown("a\u009b2J\u00ff".getBytes(ISO_8859_1))).isEqualTo("a\\x9b2J\\xff");
        assertThat(shown(new byte[] {(byte) 0xE4, (byte) 0xBD, 'x'})).isEqualTo("\\xe4\\xbdx");
        assertThat(shown(new byte[] {'\r', (byte) 0x80})).isEqualTo("^M\\x80");
        assertThat(shown(new byte[] {(byte) 0xE4, (byte) 0xBD})).isEqualTo("\\xe4\\xbd");
    }

    @Test
    void itDoesNotMatterWhereAStreamIsCut() {
        byte[] all = "你\r\n\u001b😀\r\u009bé\n".getBytes(UTF_8);
        var one = new CaretNotation();
        var pieces = new ByteArrayOutputStream();
        for (byte b : all) {
            pieces.writeBytes(one.show(new byte[] {b}, false));
        }
        pieces.writeBytes(one.show(new byte[0], true));
        assertThat(pieces.toString(UTF_8)).isEqualTo(shown(all)).isEqualTo("你\r\n^[😀^M\\x9bé\n");
    }

    @Test
    void itIsNeverMoreThanFourTimesAsLong() {
        byte[] worst = new byte[10_000];
        Arrays.fill(worst, (byte) 0x80);
        assertThat(new CaretNotation().show(worst, true))
                .hasSize(worst.length * CaretNotation.LONGER_MAX);
    }
}
