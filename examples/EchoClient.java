/// The client of the echo servers: sends what is typed, shows what comes.
///
/// Model: blocking I/O (UNP figure 6.1). After: course notes, client of the blocking echo server.
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.descriptors.StreamSocket;

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
    try (var server = StreamSocket.open(new InetSocketAddress("127.0.0.1", port))) {
        String typed;
        while ((typed = IO.readln(">> ")) != null) {
            if (!typed.isBlank()) {
                IO.println(answer(server, typed.strip()));
            }
        }
    }
}

/// {@return the answer, which is as long as the question} It may come in pieces: a stream has no
/// messages.
CharBuffer answer(StreamSocket server, String question) throws IOException {
    var sent = UTF_8.encode(question);
    var answer = ByteBuffer.allocate(sent.remaining());
    server.write(sent);
    while (answer.hasRemaining()) {
        if (server.read(answer) < 0) {
            throw new EOFException("the server has gone");
        }
    }
    return UTF_8.decode(answer.flip());
}
