/// A web server of one page, which closes each connection after its answer.
///
/// Model: I/O multiplexing (UNP figure 6.3). After: course notes, web server on selectors; its port
/// 80 is 8080 here, as that one needs rights. What to do next is the data of each registration.
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.StreamSocket;
import dev.pollux.selectors.Selector;

static final String PAGE = "<!DOCTYPE html><title>Pollux</title><h1>Multiplexing</h1>\n";

Selector<Callback> selector;

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
    selector = Selector.open();
    var server = ListeningSocket.open(new InetSocketAddress("127.0.0.1", port), 1024);
    IO.println("listening on " + server.localAddress());
    server.setBlocking(false);
    selector.register(server, Selector.READ, () -> accept(server));
    while (true) {
        for (var ready : selector.select()) {
            ready.key().data().ready();
        }
    }
}

interface Callback {
    void ready() throws IOException;
}

void accept(ListeningSocket server) throws IOException {
    var peer = server.acceptNonBlocking();
    if (peer != null) { // Who was there may have gone again.
        var request = ByteBuffer.allocate(8192);
        next(peer, Selector.READ, () -> receive(peer, request));
    }
}

/// From now on this is what to do when the peer is ready, until a reset.
void next(StreamSocket peer, int events, Callback step) throws IOException {
    Callback guarded =
            () -> {
                try {
                    step.ready();
                } catch (IOException e) {
                    IO.println(e.getMessage());
                    close(peer);
                }
            };
    if (selector.keys().containsKey(peer.fd())) {
        selector.modify(peer, events, guarded);
    } else {
        selector.register(peer, events, guarded);
    }
}

void receive(StreamSocket peer, ByteBuffer request) throws IOException {
    if (peer.read(request) < 0) {
        throw new EOFException("gone before the end of the request");
    }
    var head = UTF_8.decode(request.duplicate().flip()).toString();
    if (head.contains("\r\n\r\n")) {
        IO.println(head.lines().findFirst().orElse(""));
        respond(peer, head.startsWith("GET ") ? "200 OK" : "501 Not Implemented");
    } else if (!request.hasRemaining()) {
        respond(peer, "431 Request Header Fields Too Large");
    }
}

void respond(StreamSocket peer, String status) throws IOException {
    var head =
            """
            HTTP/1.1 %s\r
            Content-Type: text/html; charset=utf-8\r
            Content-Length: %d\r
            Connection: close\r
            \r
            """
                    .formatted(status, PAGE.length());
    var response = UTF_8.encode(head + PAGE);
    next(peer, Selector.WRITE, () -> send(peer, response));
}

void send(StreamSocket peer, ByteBuffer response) throws IOException {
    peer.write(response);
    if (!response.hasRemaining()) {
        peer.shutdownOutput();
        next(peer, Selector.READ, () -> drain(peer));
    }
}

/// Closed before it has read what still comes, the kernel would take back the answer with a reset.
void drain(StreamSocket peer) throws IOException {
    if (peer.read(ByteBuffer.allocate(1024)) < 0) {
        close(peer);
    }
}

void close(StreamSocket peer) throws IOException {
    selector.unregister(peer);
    peer.close();
}
