/// Hands connections on to another port, bytes and ends, in both directions.
///
/// Model: blocking I/O (UNP figure 6.1), a thread for each direction. Beyond the course notes. The
/// arguments are the port, and the address and port to hand on to: `8000 127.0.0.1 8080`.
import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.StreamSocket;

void main(String[] args) throws IOException {
    if (args.length != 3) {
        IO.println("usage: ./pollux example Relay PORT ADDRESS PORT");
        System.exit(2);
    }
    var local = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0]));
    var target = new InetSocketAddress(args[1], Integer.parseInt(args[2]));
    try (var server = ListeningSocket.open(local)) {
        IO.println("listening on " + server.localAddress());
        while (true) {
            var client = server.accept();
            Thread.ofPlatform().daemon().start(() -> relay(client, target));
        }
    }
}

void relay(StreamSocket client, InetSocketAddress target) {
    try (client;
            var server = StreamSocket.open(target)) {
        var answers = Thread.ofPlatform().daemon().start(() -> pump(server, client));
        pump(client, server);
        answers.join();
    } catch (IOException | InterruptedException e) {
        IO.println(e.getMessage());
    }
}

/// Hands on bytes and then their end: after it the other direction may go on for long.
void pump(StreamSocket from, StreamSocket to) {
    try {
        var data = ByteBuffer.allocate(65536);
        while (from.read(data.clear()) >= 0) {
            to.write(data.flip());
        }
        to.shutdownOutput();
    } catch (IOException e) { // A reset ends both directions, at both peers.
        IO.println(e.getMessage());
        reset(from);
        reset(to);
    }
}

void reset(StreamSocket socket) {
    try (socket) {
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) { // Closed already, by the other direction.
        IO.println(e.getMessage());
    }
}
