package dev.pollux.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.chat.PeerName;
import dev.pollux.http.Handler;
import dev.pollux.http.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

/// The first page: what this is, and how to join the chat.
final class LandingPage {
    /// The page has one style sheet, in itself, and nothing else.
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private LandingPage() {}

    /// {@return what answers with the page}
    ///
    /// @param chat where the chat listens
    static Handler of(InetSocketAddress chat) {
        var address = chat.getAddress();
        var host = address.isAnyLocalAddress() ? "this-host" : PeerName.host(address);
        var page =
                template()
                        .replace("{host}", host)
                        .replace("{port}", String.valueOf(chat.getPort()));
        var response =
                Response.html(page)
                        .withHeader("Content-Security-Policy", POLICY)
                        .withHeader("X-Content-Type-Options", "nosniff")
                        .withHeader("Cache-Control", "no-cache");
        return _ -> response;
    }

    private static String template() {
        try (var page = LandingPage.class.getResourceAsStream("landing.html")) {
            if (page == null) {
                throw new IllegalStateException("landing.html is missing from the program");
            }
            return new String(page.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
