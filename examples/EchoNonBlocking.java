/// Echo in capitals: one thread asks every client in turn.
///
/// Model: non-blocking I/O (UNP figure 6.2). After: course notes, non-blocking echo server with a
/// list of connections and a list of those that were reset.
import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.StreamSocket;

void main(String[] args) throws Exception {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
    var peers = new LinkedHashMap<StreamSocket, ByteBuffer>(); // What each has still to be sent.
    var gone = new ArrayList<StreamSocket>();
    try (var server = ListeningSocket.open(new InetSocketAddress("127.0.0.1", port), 5)) {
        IO.println("listening on " + server.localAddress());
        server.setBlocking(false);
        while (true) {
            var newcomer = server.acceptNonBlocking();
            if (newcomer != null) {
                peers.put(newcomer, ByteBuffer.allocate(65536).limit(0));
            }
            peers.forEach((peer, data) -> echo(peer, data, gone));
            for (var peer : gone) {
                peers.remove(peer);
                peer.close();
            }
            gone.clear();
            Thread.sleep(1); // Without it, asking would take a whole processor.
        }
    }
}

/// Nothing is read while an answer waits to be taken.
void echo(StreamSocket peer, ByteBuffer data, List<StreamSocket> gone) {
    try {
        if (!data.hasRemaining()) {
            int n = peer.read(data.clear()); // 0 where Python raises BlockingIOError
            capitals(data.flip());
            if (n < 0) {
                gone.add(peer);
            }
        }
        peer.write(data);
    } catch (IOException e) { // a reset
        IO.println(e.getMessage());
        gone.add(peer);
    }
}

void capitals(ByteBuffer data) {
    for (int i = data.position(); i < data.limit(); i++) {
        byte b = data.get(i);
        data.put(i, b >= 'a' && b <= 'z' ? (byte) (b - 'a' + 'A') : b);
    }
}
