package dev.pollux.http;

import static dev.pollux.http.Exchange.get;
import static dev.pollux.http.Exchange.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Who gets a body, and what all bodies may take together.
final class BodyTest {
    private static final int EACH = 100_000;

    /// Two and a half bodies.
    private static final HttpLimits LIMITS = HttpLimits.DEFAULT.withBodies(EACH, 250_000);

    private final Services services = new Services();
    private final HttpService service = services.make(Services.ECHO, LIMITS);

    @TempDir private Path folder;

    private Router router() throws Exception {
        return Router.EMPTY
                .get("/healthz", _ -> Response.text("ok\n"))
                .route("POST", "/echo", Services.ECHO)
                .prefix("/files/", StaticFiles.of(folder).under("/files/"));
    }

    @ParameterizedTest
    @CsvSource({
        "POST /nowhere, Content-Length: 9999999999, 404",
        "POST /nowhere, Transfer-Encoding: chunked, 404",
        "POST /healthz, Content-Length: 200000, 405",
        "POST /files/, Transfer-Encoding: chunked, 405",
        "BREW /echo, Content-Length: 200000, 501",
        "PUT /echo, Content-Length: 200000, 405",
        "OPTIONS /echo, Content-Length: 5, 204",
        "GET /healthz, Content-Length: 5, 200",
        "GET /files/none, Transfer-Encoding: chunked, 404"
    })
    void aBodyThatNobodyWantsIsNotTakenAndItsRequestIsAnsweredFromTheHead(
            String line, String framing, int code) throws Exception {
        var connection = new FakeConnection(services.make(router(), LIMITS));
        connection.send(request(line + " HTTP/1.1", framing, "Expect: 100-continue"));
        Answer answer = Answer.only(connection.output());
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.header("Connection")).isEqualTo("close");
        assertThat(connection.closed).isTrue();
    }

    @Test
    void whatFollowsAHeadWhoseBodyNobodyWantsIsNoRequest() throws Exception {
        String bytes = request("POST /healthz HTTP/1.1", "Content-Length: 5") + "hello" + get();
        var connection = new FakeConnection(services.make(router(), LIMITS));
        connection.send(bytes);
        assertThat(Answer.only(connection.output()).code()).isEqualTo(405);
        assertThat(connection.closed).isTrue();
    }

    @Test
    void aRouteThatWantsBodiesGetsThem() throws Exception {
        String bytes = request("POST /echo HTTP/1.1", "Content-Length: 5") + "hello";
        String output = FakeConnection.transcript(services.make(router(), LIMITS), bytes);
        assertThat(Answer.only(output).body()).isEqualTo("POST /echo [hello]");
    }

    @Test
    void whoLooksIntoABodyItDidNotWantIsToldSo() {
        var lazy = services.make(request -> Response.text("" + request.body()), LIMITS);
        String bytes = request("POST / HTTP/1.1", "Content-Length: 5") + "hello";
        assertThat(Answer.only(FakeConnection.transcript(lazy, bytes)).code()).isEqualTo(500);
        assertThat(services.failures)
                .singleElement()
                .isInstanceOf(IllegalStateException.class)
                .extracting(Throwable::getMessage)
                .asString()
                .contains("Handler.withBody");
    }

    /// A connection that has sent all of its body but the last byte.
    private FakeConnection almost() {
        var connection = new FakeConnection(service, services.clock);
        connection.send(request("POST / HTTP/1.1", "Content-Length: " + EACH));
        return connection.send("a".repeat(EACH - 1));
    }

    @Test
    void theBodiesOfAllConnectionsTogetherAreBounded() {
        var open = new ArrayList<FakeConnection>();
        for (int i = 0; i < 20; i++) {
            open.add(almost());
        }
        assertThat(service.bodies().taken()).isEqualTo(2 * EACH);
        for (var connection : open.subList(2, 20)) {
            assertThat(Answer.only(connection.output()).code()).isEqualTo(503);
            assertThat(connection.closed).isTrue();
        }
        for (var connection : open.subList(0, 2)) {
            connection.send("a");
            assertThat(Answer.only(connection.output()).code()).isEqualTo(200);
        }
        assertThat(service.bodies().taken()).isZero();
        assertThat(almost().closed).isFalse();
    }

    /// The answer's sender names its request when something goes wrong, so the body stays with it.
    @Test
    void aBodyCountsUntilItsAnswerIsGivenAway() {
        var answer = Response.text("b".repeat(1_000_000));
        var generous = services.make(Handler.withBody(_ -> answer), LIMITS);
        var connection = new FakeConnection(generous);
        connection.peerReads = false;
        connection.send(request("POST / HTTP/1.1", "Content-Length: " + EACH) + "a".repeat(EACH));
        assertThat(connection.isPaused()).isTrue();
        assertThat(generous.bodies().taken()).isEqualTo(EACH);
        connection.peerReads = true;
        connection.take(0);
        assertThat(Answer.only(connection.output()).body()).hasSize(1_000_000);
        assertThat(generous.bodies().taken()).isZero();
    }

    @Test
    void whatIsAnnouncedAndDoesNotComeTakesNothing() {
        for (int i = 0; i < 1000; i++) {
            var connection = new FakeConnection(service);
            connection.send(request("POST / HTTP/1.1", "Content-Length: " + EACH));
            assertThat(connection.closed).isFalse();
        }
        assertThat(service.bodies().taken()).isZero();
    }

    static Stream<Consumer<FakeConnection>> endings() {
        return Stream.of(
                connection -> connection.send("a"),
                FakeConnection::finish,
                FakeConnection::breakOff,
                connection -> connection.pass(Duration.ofMinutes(2)));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void aBodyGivesBackWhatItTookHoweverItEnds(Consumer<FakeConnection> ending) {
        var connection = almost();
        assertThat(service.bodies().taken()).isEqualTo(EACH);
        ending.accept(connection);
        assertThat(service.bodies().taken()).isZero();
    }

    @Test
    void aChunkedBodyGivesBackWhatItTookWhenItIsRefused() {
        var connection = new FakeConnection(service);
        connection.send(
                request("POST / HTTP/1.1", "Transfer-Encoding: chunked") + "5\r\nhello\r\n");
        assertThat(service.bodies().taken()).isPositive();
        connection.send("x");
        assertThat(Answer.only(connection.output()).code()).isEqualTo(400);
        assertThat(service.bodies().taken()).isZero();
    }
}
