/// An operator answers the clients one by one, and nobody waits for the others.
///
/// Model: I/O multiplexing (UNP figure 6.3). After: course notes, chat on select whose operator is
/// asked for an answer to client N. There `input` keeps everybody waiting; here the terminal is one
/// more descriptor, and questions wait in a queue.
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.descriptors.ByteStream;
import dev.pollux.descriptors.FileStream;
import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.StreamSocket;
import dev.pollux.selectors.MaybeFile;
import dev.pollux.selectors.Selector;

final Deque<Question> questions = new ArrayDeque<>(); // The operator is asked the first.
Selector<Callback> selector;
int clients;

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8801;
    var server = ListeningSocket.open(new InetSocketAddress("127.0.0.1", port));
    IO.println("listening on " + server.localAddress());
    server.setBlocking(false);
    selector = Selector.open();
    selector.register(server, Selector.READ, () -> accept(server));
    var typed = new Lines(FileStream.standardInput());
    selector.register(new MaybeFile(0), Selector.READ, () -> answer(typed));
    while (true) {
        for (var ready : selector.select()) {
            ready.key().data().ready();
        }
    }
}

record Question(Client from, String text) {}

interface Callback {
    void ready() throws IOException;
}

void accept(ListeningSocket server) throws IOException {
    var socket = server.acceptNonBlocking();
    if (socket != null) { // Who was there may have gone again.
        var client = new Client(++clients, socket, new Lines(socket));
        selector.register(socket, Selector.READ, () -> hear(client));
    }
}

void hear(Client client) throws IOException {
    var asked = questions.peek();
    try {
        client.lines.take().forEach(line -> questions.add(new Question(client, line)));
    } catch (IOException e) { // The end, or a reset: the questions have gone with who asked.
        questions.removeIf(question -> question.from == client);
        selector.unregister(client.socket);
        client.socket.close();
    }
    if (questions.peek() != asked) {
        ask();
    }
}

void ask() {
    var question = questions.peek();
    if (question != null) {
        IO.println("\n%d: %s".formatted(question.from.number, question.text));
        IO.print("answer client %d >>> ".formatted(question.from.number));
    }
}

void answer(Lines typed) throws IOException {
    try {
        for (var line : typed.take()) {
            var question = questions.poll();
            if (question != null) {
                question.from.send(line + "\n");
                ask();
            }
        }
    } catch (EOFException e) { // Nobody is at the terminal any more.
        selector.unregister(0);
    }
}

record Client(int number, StreamSocket socket, Lines lines) {
    void send(String answer) {
        try {
            var bytes = UTF_8.encode(answer);
            socket.write(bytes);
            if (bytes.hasRemaining()) { // Megabytes of answers were not taken.
                socket.shutdownInput(); // That is the end, for `hear`.
            }
        } catch (IOException e) { // A reset, which `hear` is told of, too.
            IO.println(e.getMessage());
        }
    }
}

record Lines(ByteStream from, ByteBuffer bytes) {
    Lines(ByteStream from) {
        this(from, ByteBuffer.allocate(4096));
    }

    /// {@return the lines that are complete} A full buffer counts as one.
    List<String> take() throws IOException {
        if (from.read(bytes) < 0) {
            throw new EOFException();
        }
        int end = bytes.position();
        while (bytes.hasRemaining() && end > 0 && bytes.get(end - 1) != '\n') {
            end--;
        }
        var lines = UTF_8.decode(bytes.flip().slice(0, end)).toString().lines().toList();
        bytes.position(end).compact();
        return lines;
    }
}
