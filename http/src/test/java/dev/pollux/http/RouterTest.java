package dev.pollux.http;

import static dev.pollux.http.Exchange.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RouterTest {
    private static final Router ROUTER =
            Router.EMPTY
                    .get("/", says("root"))
                    .get("/a", says("a"))
                    .route("POST", "/a", says("post a"))
                    .route("BREW", "/tea", says("tea"))
                    .get("/files/exact", says("exact"))
                    .prefix("/files/", says("files"))
                    .prefix("/files/inner/", says("inner"))
                    .prefix("PUT", "/files/", says("put"))
                    .get("/你好", says("hello"));

    private static Handler says(String text) {
        return _ -> Response.text(text);
    }

    private static Answer ask(String line) {
        return Answer.only(FakeConnection.transcript(Services.of(ROUTER), request(line)));
    }

    @ParameterizedTest
    @CsvSource({
        "GET /, root",
        "GET /?query, root",
        "GET /a, a",
        "GET /x/../a, a",
        "GET /%61, a",
        "POST /a, post a",
        "BREW /tea, tea",
        "GET /files/, files",
        "GET /files/x/y, files",
        "GET /files/exact, exact",
        "GET /files/exact/x, files",
        "GET /files/inner/x, inner",
        "GET /files/inner, files",
        "GET /files/innermost/x, files",
        "PUT /files/x, put",
        "GET /%E4%BD%A0%E5%A5%BD, hello",
    })
    void finds(String request, String body) {
        Answer answer = ask(request + " HTTP/1.1");
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /b", "GET /a/", "GET /A", "GET /files", "POST /x", "OPTIONS /x"})
    void knowsWhatIsMissing(String request) {
        assertThat(ask(request + " HTTP/1.1").code()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DELETE /a|GET, HEAD, OPTIONS, POST",
                "TRACE /a|GET, HEAD, OPTIONS, POST",
                "GET /tea|BREW, OPTIONS",
                "BREW /|GET, HEAD, OPTIONS",
                "POST /files/x|GET, HEAD, OPTIONS, PUT",
                "PUT /files/exact|GET, HEAD, OPTIONS",
                "PUT /files/inner/x|GET, HEAD, OPTIONS",
            })
    void namesTheMethodsThatArePossible(String request, String allow) {
        Answer answer = ask(request + " HTTP/1.1");
        assertThat(answer.code()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo(allow);
    }

    @ParameterizedTest
    @ValueSource(strings = {"get /a", "PROPFIND /a", "XGET /missing"})
    void doesNotKnowAMethodThatNoRouteHas(String request) {
        assertThat(ask(request + " HTTP/1.1").code()).isEqualTo(501);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a|GET, HEAD, OPTIONS, POST",
                "/tea|BREW, OPTIONS",
                "*|GET, HEAD, OPTIONS",
            })
    void answersOptions(String target, String allow) {
        Answer answer = ask("OPTIONS " + target + " HTTP/1.1");
        assertThat(answer.code()).isEqualTo(204);
        assertThat(answer.header("Allow")).isEqualTo(allow);
        assertThat(answer.header("Content-Length")).isNull();
    }

    @Test
    void answersHeadLikeGet() {
        var service = Services.of(ROUTER);
        String get = FakeConnection.transcript(service, request("GET /a HTTP/1.1"));
        String head = FakeConnection.transcript(service, request("HEAD /a HTTP/1.1"));
        assertThat(get).isEqualTo(head + "a");
    }

    @Test
    void anOptionsRouteOfOnesOwnGoesFirst() {
        var router = ROUTER.route("OPTIONS", "/a", says("mine"));
        String output =
                FakeConnection.transcript(Services.of(router), request("OPTIONS /a HTTP/1.1"));
        assertThat(Answer.only(output).body()).isEqualTo("mine");
    }

    @Test
    void isNotChangedByAnotherRoute() {
        Router more = ROUTER.get("/b", says("b")).prefix("/", says("all"));
        assertThat(more).isNotSameAs(ROUTER);
        assertThat(ask("GET /b HTTP/1.1").code()).isEqualTo(404);
    }

    @Test
    void refusesWhatIsNoRoute() {
        assertThatThrownBy(() -> ROUTER.get("/a", says("again")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GET /a");
        assertThatThrownBy(() -> ROUTER.prefix("/files/", says("again")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GET /files/");
        assertThatThrownBy(() -> ROUTER.get("b", says("b")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ROUTER.prefix("/b", says("b")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ROUTER.route("G T", "/b", says("b")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
