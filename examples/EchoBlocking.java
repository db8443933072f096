/// Echo in capitals, one client at a time: the others wait in the backlog.
///
/// Model: blocking I/O (UNP figure 6.1). After: course notes, blocking echo server.
import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.StreamSocket;

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
    try (var server = ListeningSocket.open(new InetSocketAddress("127.0.0.1", port), 5)) {
        IO.println("listening on " + server.localAddress());
        while (true) {
            serve(server.accept()); // Waits for a client.
        }
    }
}

void serve(StreamSocket peer) {
    try (peer) {
        IO.println("connected: " + peer.peerAddress());
        var data = ByteBuffer.allocate(1024);
        while (peer.read(data.clear()) >= 0) { // Waits for bytes,
            peer.write(capitals(data.flip())); // and until all of the answer is on its way.
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
