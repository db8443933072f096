/// Echo in capitals: a pool of threads serves as many clients as it has.
///
/// Model: blocking I/O (UNP figure 6.1), as many times as there are threads. After: course notes,
/// what a pool is for. A second argument says how many threads, instead of 4.
import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.StreamSocket;

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 4;
    try (var pool = Executors.newFixedThreadPool(threads);
            var server = ListeningSocket.open(new InetSocketAddress("127.0.0.1", port), 5)) {
        IO.println("listening on " + server.localAddress());
        while (true) {
            var peer = server.accept();
            pool.execute(() -> serve(peer));
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
