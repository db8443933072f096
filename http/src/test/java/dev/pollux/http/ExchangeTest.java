package dev.pollux.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The catalogue of requests: each gets the answers it must get, however its bytes arrive.
final class ExchangeTest {
    /// Larger ones are split at some places only.
    private static final int SPLIT_EVERYWHERE_MAX = 1_000;

    /// Larger ones come in pieces of more than one byte.
    private static final int DRIBBLED_MAX = 10_000;

    static Stream<Exchange> exchanges() {
        return Stream.of(RequestLineExchanges.all(), FieldExchanges.all(), BodyExchanges.all())
                .flatMap(all -> all);
    }

    @Test
    void theCatalogueIsLarge() {
        assertThat(exchanges().filter(Exchange::closed)).hasSizeGreaterThan(150);
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void isAnswered(Exchange exchange) {
        var connection = new FakeConnection(Services.echo());
        connection.send(exchange.bytes());
        List<Answer> answers = Answer.all(connection.output());
        assertThat(answers.stream().map(Answer::code)).isEqualTo(exchange.codes());
        assertThat(answers.stream().filter(a -> a.code() == 200).map(Answer::body))
                .isEqualTo(exchange.bodies());
        assertThat(connection.closed).isEqualTo(exchange.closed());
        assertThat("close".equals(answers.getLast().header("Connection")))
                .isEqualTo(exchange.closed());
        assertThat(connection.aborted).isFalse();
        assertThat(connection.writes).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void isAnsweredAlikeHoweverItIsSplit(Exchange exchange) {
        String bytes = exchange.bytes();
        String whole = FakeConnection.transcript(Services.echo(), bytes);
        for (int at : places(bytes.length())) {
            var connection = new FakeConnection(Services.echo());
            connection.send(bytes.substring(0, at)).send(bytes.substring(at));
            assertThat(connection.output()).as("split at %d", at).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void isAnsweredAlikeByteByByte(Exchange exchange) {
        var connection = new FakeConnection(Services.echo());
        String bytes = exchange.bytes();
        int step = bytes.length() <= DRIBBLED_MAX ? 1 : 61;
        for (int i = 0; i < bytes.length(); i += step) {
            connection.send(bytes.substring(i, Math.min(bytes.length(), i + step)));
        }
        assertThat(connection.output())
                .isEqualTo(FakeConnection.transcript(Services.echo(), bytes));
        assertThat(connection.closed).isEqualTo(exchange.closed());
    }

    private static List<Integer> places(int length) {
        var places = new ArrayList<Integer>();
        int step = length <= SPLIT_EVERYWHERE_MAX ? 1 : 997;
        for (int at = 1; at < length; at += step) {
            places.add(at);
        }
        for (int at = Math.max(1, length - 8); at < length; at++) {
            places.add(at);
        }
        return places;
    }
}
