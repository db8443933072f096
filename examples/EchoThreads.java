/// Echo in capitals: a thread for each client.
///
/// Model: blocking I/O (UNP figure 6.1), many times. After: course notes, what several threads are
/// for; the same server as `EchoBlocking`, but for one line.
import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.StreamSocket;

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
    try (var server = ListeningSocket.open(new InetSocketAddress("127.0.0.1", port), 5)) {
        IO.println("listening on " + server.localAddress());
        while (true) {
            var peer = server.accept();
            Thread.ofPlatform().daemon().start(() -> serve(peer));
        }
    }
}

void serve(StreamSocket peer) {
    try (peer) {
        IO.println("connected: " + peer.peerAddress() + ", " + Thread.currentThread().getName());
        var data = ByteBuffer.allocate(1024);
        while (peer.read(data.clear()) >= 0) {
            peer.write(capitals(data.flip()));
        }
    } catch (IOException e) { // A reset is the end of this client, and of nothing else.
        IO.println(e.getMessage());
    }
}

ByteBuffer capitals(ByteBuffer data) {
    for (int i = data.position(); i < data.limit(); i++) {
        byte b = data.get(i);
        data.put(i, b >= 'a' && b <= 'z' ? (byte) (b - 'a' + 'A') : b);
    }
    return data;
}
