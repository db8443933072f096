/// The chat: every line goes to everyone, with the time and the sender's address.
///
/// Model: I/O multiplexing (UNP figure 6.3). After: course notes, group chat on selectors. `quit`
/// leaves; on the console it stops the server. Whoever is 64 KiB behind is dropped: nobody waits
/// for anybody.
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.StreamSocket;
import dev.pollux.selectors.Selector;

static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss ");

final List<Member> members = new ArrayList<>();
Selector<Runnable> selector;
volatile boolean stopped;

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 9999;
    var server = ListeningSocket.open(new InetSocketAddress("127.0.0.1", port));
    IO.println("listening on " + server.localAddress());
    server.setBlocking(false);
    selector = Selector.open(); // Mechanism.POLL.open() would be another mechanism.
    selector.register(server, Selector.READ); // Without data: whatever comes here is a newcomer.
    Thread.ofPlatform().daemon().start(this::console);
    while (!stopped) {
        for (var ready : selector.select()) {
            if (ready.key().data() instanceof Runnable callback) {
                callback.run();
            } else {
                accept(server);
            }
        }
        dismiss(members.stream().filter(member -> member.gone).toList());
    }
    dismiss(List.copyOf(members));
    server.close();
    selector.close();
}

void console() {
    String command;
    while ((command = IO.readln()) != null) {
        if (command.strip().equals("quit")) {
            stopped = true;
            selector.wakeup();
        }
    }
}

void accept(ListeningSocket server) throws IOException {
    var socket = server.acceptNonBlocking();
    if (socket != null) { // Who was there may have gone again.
        var member = new Member(socket);
        members.add(member);
        selector.register(socket, Selector.READ, () -> listen(member));
    }
}

void listen(Member member) {
    for (var line : member.hear()) {
        if (line.strip().equals("quit")) {
            member.gone = true;
            return;
        }
        var said = LocalDateTime.now().format(TIME) + member.name + " " + line + "\n";
        members.forEach(each -> each.tell(said));
    }
    member.tell("");
}

/// Only here, when nobody looks at the lists any more.
void dismiss(List<Member> leaving) throws IOException {
    for (var member : leaving) {
        members.remove(member);
        selector.unregister(member.socket);
        member.socket.close();
    }
}

final class Member {
    final StreamSocket socket;
    final String name;
    final ByteBuffer heard = ByteBuffer.allocate(4096);
    final ByteBuffer unsent = ByteBuffer.allocate(65536);
    boolean gone;

    Member(StreamSocket socket) throws IOException {
        this.socket = socket;
        name = socket.peerAddress().toString().substring(1);
    }

    /// {@return the lines that are complete} A full buffer counts as one.
    List<String> hear() {
        try {
            gone |= socket.read(heard) < 0;
        } catch (IOException e) { // a reset
            gone = true;
        }
        int end = heard.position();
        while (heard.hasRemaining() && end > 0 && heard.get(end - 1) != '\n') {
            end--;
        }
        var lines = UTF_8.decode(heard.flip().slice(0, end)).toString().lines().toList();
        heard.position(end).compact();
        return lines;
    }

    /// Sends what can be sent now; the selector tells when there is room for the rest.
    void tell(String text) {
        try {
            unsent.put(UTF_8.encode(text)).flip();
            socket.write(unsent);
            unsent.compact();
            boolean isBehind = unsent.position() > 0;
            int events = isBehind ? Selector.READ | Selector.WRITE : Selector.READ;
            selector.modifyEvents(socket, events);
        } catch (IOException | BufferOverflowException e) { // a reset, or too far behind
            gone = true;
        }
    }
}
