package dev.pollux.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class GrammarTest {
    @Test
    void findsTheEndOfAValueLikeTheTableDoes() {
        var random = new Random(5);
        byte[] odd = {0, 1, 8, 9, 10, 13, 31, 32, 33, 126, 127, -128, -1, 0x1f, 0x20, 0x7e};
        for (int round = 0; round < 50_000; round++) {
            var bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = random.nextInt(4) == 0 ? odd[random.nextInt(odd.length)] : bytes[i];
                if (random.nextInt(3) > 0) {
                    bytes[i] = (byte) (32 + (bytes[i] & 0x3f));
                }
            }
            int from = random.nextInt(bytes.length + 1);
            assertThat(Grammar.spanField(bytes, from, bytes.length))
                    .isEqualTo(Grammar.span(Grammar.FIELD, bytes, from, bytes.length));
        }
    }

    @Test
    void theTokenCharactersAreThoseOfTheRfc() {
        String tokens = "";
        for (int c = 0; c < 256; c++) {
            if (Grammar.is(Grammar.TOKEN, (byte) c)) {
                tokens += (char) c;
            }
        }
        assertThat(tokens)
                .isEqualTo(
                        "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`"
                                + "abcdefghijklmnopqrstuvwxyz|~");
    }

    @Test
    void comparesWithoutRegardToCase() {
        byte[] bytes = "xTransfer-EncodingX".getBytes(StandardCharsets.US_ASCII);
        assertThat(Grammar.equalsIgnoreCase(bytes, 1, 17, "transfer-encoding")).isTrue();
        assertThat(Grammar.equalsIgnoreCase(bytes, 1, 16, "transfer-encoding")).isFalse();
        assertThat(Grammar.equalsIgnoreCase(bytes, 0, 17, "transfer-encoding")).isFalse();
        byte[] near = "TRANSFER\rENCODING".getBytes(StandardCharsets.US_ASCII);
        assertThat(Grammar.equalsIgnoreCase(near, 0, 17, "transfer-encoding")).isFalse();
        byte[] far = {'H' | (byte) 0x80, 'o', 's', 't'};
        assertThat(Grammar.equalsIgnoreCase(far, 0, 4, "host")).isFalse();
    }
}
