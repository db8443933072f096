/// A web server of one page, which answers many requests on a connection.
///
/// Model: I/O multiplexing (UNP figure 6.3). After: course notes, web server on selectors that
/// keeps connections alive.
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.StreamSocket;
import dev.pollux.selectors.Selector;

static final String PAGE = "<!DOCTYPE html><title>Pollux</title><h1>Multiplexing</h1>\n";

Selector<Callback> selector;

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 9999;
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
    var socket = server.acceptNonBlocking();
    if (socket != null) { // Who was there may have gone again.
        var peer = new Peer(socket);
        selector.register(socket, Selector.READ, () -> serve(peer));
    }
}

void serve(Peer peer) throws IOException {
    try {
        peer.serve();
        selector.modifyEvents(peer.socket, peer.isBusy() ? Selector.WRITE : Selector.READ);
    } catch (IOException e) { // the end, or a reset
        selector.unregister(peer.socket);
        peer.socket.close();
    }
}

final class Peer {
    final StreamSocket socket;
    final ByteBuffer requests = ByteBuffer.allocate(8192);
    ByteBuffer response = ByteBuffer.allocate(0);
    boolean isLast;

    Peer(StreamSocket socket) {
        this.socket = socket;
    }

    /// {@return whether something is to be written: then nothing is read}
    boolean isBusy() {
        return response.hasRemaining() || !isLast && headEnd() > 0;
    }

    /// One step: one answer, so that nobody waits for one who asks much.
    void serve() throws IOException {
        if (!isBusy() && socket.read(isLast ? requests.clear() : requests) < 0) {
            throw new EOFException();
        }
        if (!isLast && !response.hasRemaining() && headEnd() > 0) {
            response = respond();
        }
        socket.write(response);
        if (isLast && !response.hasRemaining()) {
            socket.shutdownOutput(); // And what still comes is read: see `WebClosing`.
        }
    }

    /// {@return where the first request ends, or 0 if it is not complete}
    int headEnd() {
        int end = text().indexOf("\r\n\r\n");
        return end >= 0 ? end + 4 : requests.hasRemaining() ? 0 : requests.position();
    }

    String text() {
        return ISO_8859_1.decode(requests.duplicate().flip()).toString();
    }

    ByteBuffer respond() {
        int end = headEnd();
        var head = text().substring(0, end).toLowerCase(Locale.ROOT);
        requests.flip().position(end).compact();
        boolean isPlain = head.startsWith("get ") && head.endsWith("\r\n\r\n");
        isLast = !isPlain || head.contains("\r\nconnection: close") || head.contains(" http/1.0");
        return UTF_8.encode(
                """
                HTTP/1.1 %s\r
                Content-Type: text/html; charset=utf-8\r
                Content-Length: %d\r
                Connection: %s\r
                \r
                %s\
                """
                        .formatted(
                                isPlain ? "200 OK" : "501 Not Implemented",
                                PAGE.length(),
                                isLast ? "close" : "keep-alive",
                                PAGE));
    }
}
