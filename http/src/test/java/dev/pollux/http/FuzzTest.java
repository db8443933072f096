package dev.pollux.http;

import static dev.pollux.http.Exchange.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Mutations of the catalogue, the same in every run: nothing throws, all output is well formed,
/// the answers do not depend on how the bytes were split, and an ended connection keeps nothing.
final class FuzzTest {
    private static final List<String> SEEDS =
            ExchangeTest.exchanges().map(Exchange::bytes).filter(s -> s.length() < 2_000).toList();

    private static final List<String> WORDS =
            List.of(
                    "\r\n",
                    "\n",
                    "\r",
                    "\u0000",
                    " ",
                    "\t",
                    ":",
                    ",",
                    ";",
                    "\"",
                    "%00",
                    "%2e",
                    "/../",
                    "0",
                    "ffffffffffffffff",
                    "HTTP/1.1",
                    "Host: x\r\n",
                    "Content-Length: 3\r\n",
                    "Transfer-Encoding: chunked\r\n",
                    "Connection: close\r\n",
                    "Expect: 100-continue\r\n",
                    get());

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void staysInOrder(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            String bytes = mutated(random);
            var whole = new FakeConnection(Services.echo());
            whole.send(bytes);
            Answer.all(whole.output());
            assertThat(whole.aborted).isFalse();

            var split = new FakeConnection(Services.echo());
            int at = 0;
            while (at < bytes.length()) {
                int end = Math.min(bytes.length(), at + 1 + random.nextInt(40));
                split.send(bytes.substring(at, end));
                at = end;
            }
            assertThat(split.output())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(whole.output());

            split.finish();
            assertThat(split.closed).isTrue();
            assertThat(split.alarms()).isZero();
        }
    }

    private static String mutated(Random random) {
        var text = new StringBuilder(pick(SEEDS, random));
        if (random.nextBoolean()) {
            text.append(pick(SEEDS, random));
        }
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(6));
            switch (random.nextInt(5)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, pick(WORDS, random));
                case 2 -> text.insert(at, text.substring(at, end));
                case 3 -> text.replace(at, end, pick(WORDS, random));
                default -> text.insert(at, (char) random.nextInt(256));
            }
        }
        return text.toString();
    }

    private static <T> T pick(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}
