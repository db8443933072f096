/// Echo in capitals on select: lists go in, and what is ready of each comes out.
///
/// Model: I/O multiplexing (UNP figure 6.3). After: course notes, select echo server with a list of
/// readers.
import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.Select;
import dev.pollux.descriptors.SocketDescriptor;
import dev.pollux.descriptors.StreamSocket;

final Set<SocketDescriptor> readers = new LinkedHashSet<>();
final Set<SocketDescriptor> writers = new LinkedHashSet<>(); // Who is slow to take the answer.
final Map<SocketDescriptor, ByteBuffer> unsent = new HashMap<>();

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8081;
    var server = ListeningSocket.open(new InetSocketAddress("127.0.0.1", port), 5);
    IO.println("listening on " + server.localAddress());
    server.setBlocking(false);
    readers.add(server);
    while (true) {
        var ready = Select.select(readers, writers, List.of(), null);
        for (var socket :
                Stream.concat(ready.readers().stream(), ready.writers().stream()).toList()) {
            if (socket instanceof StreamSocket peer) {
                serve(peer, unsent.get(peer));
            } else {
                accept(server);
            }
        }
    }
}

void accept(ListeningSocket server) throws IOException {
    var peer = server.acceptNonBlocking();
    if (peer != null) { // Who was there may have gone again.
        unsent.put(peer, ByteBuffer.allocate(1024).limit(0));
        readers.add(peer);
    }
}

void serve(StreamSocket peer, ByteBuffer data) throws IOException {
    boolean there = echo(peer, data);
    readers.remove(peer);
    writers.remove(peer);
    if (there) {
        (data.hasRemaining() ? writers : readers).add(peer);
    } else {
        unsent.remove(peer);
        peer.close();
    }
}

/// {@return whether the peer is still there} Nothing is read while an answer waits to be taken.
boolean echo(StreamSocket peer, ByteBuffer data) {
    try {
        if (!data.hasRemaining()) {
            int n = peer.read(data.clear());
            capitals(data.flip());
            if (n < 0) {
                return false;
            }
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
