/// Echo in capitals on epoll: the kernel keeps the list, and tells who is ready.
///
/// Model: I/O multiplexing (UNP figure 6.3). After: course notes, the echo server on select, and
/// what they say of epoll.
import dev.pollux.descriptors.Epoll;
import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.StreamSocket;

final Map<Integer, Client> clients = new HashMap<>(); // The kernel speaks in numbers.

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8081;
    var server = ListeningSocket.open(new InetSocketAddress("127.0.0.1", port), 1024);
    IO.println("listening on " + server.localAddress());
    server.setBlocking(false);
    var epoll = Epoll.open();
    epoll.register(server, Epoll.EPOLLIN);
    while (true) {
        for (var ready : epoll.poll(null)) {
            if (ready.fd() == server.fd()) {
                accept(server, epoll);
            } else {
                serve(clients.get(ready.fd()), epoll);
            }
        }
    }
}

record Client(StreamSocket socket, ByteBuffer unsent) {}

void accept(ListeningSocket server, Epoll epoll) throws IOException {
    var peer = server.acceptNonBlocking();
    if (peer != null) { // Who was there may have gone again.
        clients.put(peer.fd(), new Client(peer, ByteBuffer.allocate(1024).limit(0)));
        epoll.register(peer, Epoll.EPOLLIN);
    }
}

void serve(Client client, Epoll epoll) throws IOException {
    var peer = client.socket;
    if (echo(peer, client.unsent)) {
        epoll.modify(peer, client.unsent.hasRemaining() ? Epoll.EPOLLOUT : Epoll.EPOLLIN);
    } else {
        epoll.unregister(peer);
        clients.remove(peer.fd());
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
