package dev.pollux.http;

import static dev.pollux.http.Exchange.request;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ReadOnlyBufferException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class RequestTest {
    private static Request parsed(String bytes) {
        var seen = new AtomicReference<Request>();
        var service =
                Services.of(
                        Handler.withBody(request -> {
                            seen.set(request);
                            return Response.text("ok");
                        }));
        new FakeConnection(service).send(bytes);
        return seen.get();
    }

    @Test
    void hasItsParts() {
        Request request =
                parsed(
                        request(
                                        "POST /a/%62?c=%64 HTTP/1.1",
                                        "X-One:1", "x-two: \t2 \t", "X-ONE: 3", "Content-Length: 2")
                                + "hi");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/a/%62?c=%64");
        assertThat(request.path()).isEqualTo("/a/b");
        assertThat(request.query()).isEqualTo("c=%64");
        assertThat(request.authority()).isEqualTo("x");
        assertThat(request.minorVersion()).isEqualTo(1);
        assertThat(request.header("x-one")).isEqualTo("1");
        assertThat(request.headers().all("X-One")).containsExactly("1", "3");
        assertThat(request.header("X-Two")).isEqualTo("2");
        assertThat(request.header("X-Three")).isNull();
        assertThat(request.headers().size()).isEqualTo(5);
        assertThat(request.headers().name(1)).isEqualTo("X-One");
        assertThat(UTF_8.decode(request.body()).toString()).isEqualTo("hi");
        assertThat(request).hasToString("POST /a/%62?c=%64");
    }

    @Test
    void theHostOfAnAbsoluteTargetCounts() {
        Request request = parsed(request("GET http://y:8080/a HTTP/1.1"));
        assertThat(request.authority()).isEqualTo("y:8080");
        assertThat(request.path()).isEqualTo("/a");
        assertThat(request.header("Host")).isEqualTo("x");
    }

    @Test
    void anOldRequestMayHaveNoHost() {
        Request request = parsed("GET / HTTP/1.0\r\n\r\n");
        assertThat(request.authority()).isEmpty();
        assertThat(request.minorVersion()).isZero();
        assertThat(request.query()).isNull();
    }

    @Test
    void valuesAreUtf8OrElseLatin1() {
        String utf8 = new String("名字".getBytes(UTF_8), ISO_8859_1);
        Request request = parsed(request("GET / HTTP/1.1", "A: " + utf8, "B: caf\u00e9"));
        assertThat(request.header("a")).isEqualTo("名字");
        assertThat(request.header("b")).isEqualTo("café");
    }

    @Test
    void itsBodyCannotBeChanged() {
        Request request = parsed(request("POST / HTTP/1.1", "Content-Length: 2") + "hi");
        assertThatThrownBy(() -> request.body().put((byte) 0))
                .isInstanceOf(ReadOnlyBufferException.class);
        request.body().get();
        assertThat(request.body().remaining()).isEqualTo(2);
    }

    @Test
    void methodsKeepTheirCase() {
        assertThat(parsed(request("Get / HTTP/1.1")).method()).isEqualTo("Get");
        assertThat(parsed(request("HEAD / HTTP/1.1")).isHead()).isTrue();
        assertThat(parsed(request("head / HTTP/1.1")).isHead()).isFalse();
    }
}
