/// Answers each message with `Your msg = ... ~~~~`, by callbacks on selectors.
///
/// Model: I/O multiplexing (UNP figure 6.3). After: course notes, first server on selectors that
/// accepts and reads in callbacks.
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.StreamSocket;
import dev.pollux.selectors.Selector;

static final byte[] BEFORE = "Your msg = ".getBytes(UTF_8);
static final byte[] AFTER = " ~~~~".getBytes(UTF_8);

Selector<Callback> selector;

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 9999;
    selector = Selector.open(); // The best of this machine.
    var server = ListeningSocket.open(new InetSocketAddress("127.0.0.1", port));
    IO.println("listening on " + server.localAddress());
    server.setBlocking(false);
    IO.println(selector.register(server, Selector.READ, () -> accept(server)));
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
        IO.println("new client " + peer.peerAddress());
        var data = ByteBuffer.allocate(BEFORE.length + 1024 + AFTER.length).limit(0);
        selector.register(peer, Selector.READ, () -> serve(peer, data));
    }
}

void serve(StreamSocket peer, ByteBuffer data) throws IOException {
    if (answer(peer, data)) { // Who does not take the answer is not read from before that is done.
        selector.modifyEvents(peer, data.hasRemaining() ? Selector.WRITE : Selector.READ);
    } else {
        selector.unregister(peer);
        peer.close();
    }
}

boolean answer(StreamSocket peer, ByteBuffer data) {
    try {
        if (!data.hasRemaining()) {
            data.clear().put(BEFORE).limit(BEFORE.length + 1024);
            int n = peer.read(data);
            if (n <= 0) { // 0: nothing after all
                data.limit(data.position());
                return n == 0;
            }
            data.limit(data.capacity()).put(AFTER).flip();
        }
        peer.write(data);
        return true;
    } catch (IOException e) { // a reset
        IO.println(e.getMessage());
        return false;
    }
}
