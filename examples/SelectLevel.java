/// Select with a time-out tells of a client again and again until it is accepted.
///
/// Model: I/O multiplexing (UNP figure 6.3), level-triggered. After: course notes, select with a
/// time-out of five seconds over a socket from which nobody accepts; here the third `hello` does. A
/// second argument says how many milliseconds instead.
import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.Select;

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 9904;
    var timeout = Duration.ofMillis(args.length > 1 ? Long.parseLong(args[1]) : 5000);
    var server = ListeningSocket.open(new InetSocketAddress("127.0.0.1", port), 5);
    IO.println("listening on " + server.localAddress());
    server.setBlocking(false);
    int told = 0;
    while (true) {
        var ready = Select.select(List.of(server), List.of(), List.of(), timeout);
        if (!ready.readers().isEmpty()) {
            IO.println("hello");
            told++;
            if (told % 3 == 0) {
                dismiss(server);
            }
        }
        IO.println(">>>>>>"); // Also when the time was over, and nobody had come.
    }
}

void dismiss(ListeningSocket server) throws IOException {
    var peer = server.accept();
    if (peer != null) { // Who was there may have gone again.
        IO.println("accepted " + peer.peerAddress());
        peer.close();
    }
}
