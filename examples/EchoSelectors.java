/// Echo on selectors: the data of each registration is its callback.
///
/// Model: I/O multiplexing (UNP figure 6.3). After: course notes, selectors echo server that
/// answers in capitals and adds `_SB`, with the backlog of 1024 of another one.
import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.StreamSocket;
import dev.pollux.selectors.Selector;

Selector<Callback> selector;

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8088;
    selector = Selector.open(); // The best of this machine; Mechanism.POLL.open() is that one.
    var server = ListeningSocket.open(new InetSocketAddress("127.0.0.1", port), 1024);
    IO.println("listening on " + server.localAddress() + " with " + selector.name());
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
        var data = ByteBuffer.allocate(1024 + 3).limit(0);
        selector.register(peer, Selector.READ, () -> serve(peer, data));
    }
}

void serve(StreamSocket peer, ByteBuffer data) throws IOException {
    if (echo(peer, data)) { // Who does not take the answer is not read from before that is done.
        selector.modifyEvents(peer, data.hasRemaining() ? Selector.WRITE : Selector.READ);
    } else {
        selector.unregister(peer);
        peer.close();
    }
}

boolean echo(StreamSocket peer, ByteBuffer data) {
    try {
        if (!data.hasRemaining()) {
            if (peer.read(data.clear().limit(1024)) < 0) {
                return false;
            }
            capitals(data.flip());
            data.limit(data.limit() + 3).put(data.limit() - 3, new byte[] {'_', 'S', 'B'});
        }
        peer.write(data);
        return true;
    } catch (IOException e) { // a reset
        IO.println(e.getMessage());
        return false;
    }
}

void capitals(ByteBuffer data) {
    for (int i = data.position(); i < data.limit(); i++) {
        byte b = data.get(i);
        data.put(i, b >= 'a' && b <= 'z' ? (byte) (b - 'a' + 'A') : b);
    }
}
