/// Asks whether a client has come, and asks again some time later.
///
/// Model: non-blocking I/O (UNP figure 6.2). After: course notes, non-blocking accept that asks
/// every four seconds. A second argument says how many milliseconds instead.
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.StreamSocket;

void main(String[] args) throws Exception {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 6667;
    long pause = args.length > 1 ? Long.parseLong(args[1]) : 4000;
    try (var server = ListeningSocket.open(new InetSocketAddress("127.0.0.1", port), 5)) {
        IO.println("listening on " + server.localAddress());
        server.setBlocking(false);
        while (true) {
            var peer = server.accept(); // Where Python raises BlockingIOError this is null.
            if (peer == null) {
                IO.println("nobody is there");
                Thread.sleep(pause);
            } else {
                hear(peer);
            }
        }
    }
}

/// What was accepted blocks, as always: until this client has said something, nobody else is heard.
void hear(StreamSocket peer) {
    try (peer) {
        var data = ByteBuffer.allocate(1024);
        peer.read(data);
        IO.println(peer.peerAddress() + " says " + UTF_8.decode(data.flip()));
    } catch (IOException e) {
        IO.println(e.getMessage());
    }
}
