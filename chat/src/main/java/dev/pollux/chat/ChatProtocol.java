package dev.pollux.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The chat's line door: what `nc` and telnet talk to.
///
/// | a line | does |
/// |---|---|
/// | `text` | says it to everyone in the room, the sender included |
/// | `//text` | says `/text` |
/// | `/nick NAME` | changes the name; see [Nick] |
/// | `/who` | tells who is here |
/// | `/help` | tells this |
/// | `quit`, `/quit`, end of input | leaves |
/// | nothing but spaces | nothing |
///
/// What the server says begins with `* `: who one is, to begin with. A line that is not text (not
/// UTF-8, control or invisible characters, longer than [LineDecoder#LINE_BYTES_MAX]) is answered
/// with one such line and goes nowhere; a line without end closes the connection, and so does
/// whoever opens with HTTP or TLS, at the first bytes.
///
/// **Bounded.** A member who is not taking what the room says (the transport is not
/// [Transport#isWritable()]) is not listened to until they do; the engine cuts off who stays
/// behind. A member who says much is not listened to while the room has others to wait for
/// ([Room#isBehind()]): so nobody is cut off only because somebody else sends as fast as a computer
/// can. Who types is never made to wait.
public final class ChatProtocol implements Protocol {
    private static final int NAMES_TOLD_MAX = 100;

    /// What one member may say in a second while the room waits for others.
    private static final int AHEAD_BYTES_MAX = 8 * 1024;

    /// What a line counts beside its bytes: the time and the name, which go before it.
    private static final int LINE_OVERHEAD_BYTES = 64;

    private static final String HELP =
            """
            * a line of text goes to everyone in the room
            * /nick NAME  change your name
            * /who        who is here
            * //text      say /text
            * /quit       leave (so do quit and the end of input)
            """;

    private final Hub hub;
    private final LineDecoder decoder = new LineDecoder();

    /// Set by [#connected], before anything else is called.
    private @Nullable Transport transport;

    /// Who talks here; null once they have left.
    private @Nullable Member member;

    /// What was said since the room last had nobody to wait for, or in this second, in bytes.
    private int ahead;

    /// The second in which that began.
    private long second;

    /// Waits until the room has heard.
    private boolean waiting;

    /// What comes now is not listened to any more.
    private boolean leaving;

    /// Creates the protocol of one connection.
    ///
    /// @param hub the chat
    public ChatProtocol(Hub hub) {
        this.hub = hub;
    }

    @Override
    public void connected(Transport transport) {
        this.transport = transport;
        var newcomer = hub.newcomer(transport);
        tell("you are " + newcomer.name() + "; /nick NAME changes it, /help tells more");
        member = newcomer; // From here on they leave, even if they do not get in.
        hub.enter(newcomer);
    }

    @Override
    public void received(ByteBuffer bytes) {
        var result = LineDecoder.Result.LINE;
        while (result != LineDecoder.Result.MORE && mayTalk()) {
            int before = bytes.position();
            result = decoder.next(bytes);
            ahead += bytes.position() - before;
            ahead += result == LineDecoder.Result.MORE ? 0 : LINE_OVERHEAD_BYTES;
            handle(result);
        }
        if (leaving) {
            bytes.position(bytes.limit());
        }
    }

    @Override
    public boolean eof() {
        handle(decoder.end());
        dismiss(null);
        return true;
    }

    @Override
    public void writable() {
        transport().resumeReading();
    }

    @Override
    public boolean stopping() {
        hub.stopping();
        tell("server is stopping");
        return false;
    }

    @Override
    public void disconnected(@Nullable IOException cause) {
        leave(cause);
    }

    /// False when this member is leaving, must first take what is queued for them, or has said so
    /// much that the others must first hear it.
    private boolean mayTalk() {
        if (leaving || (transport().isWritable() && !mustWait())) {
            return !leaving;
        }
        transport().pauseReading();
        return false;
    }

    private boolean mustWait() {
        var room = hub.lobby();
        if (!room.isBehind()) {
            ahead = 0;
        } else if (ahead > AHEAD_BYTES_MAX && !waiting) {
            long before = second;
            second = room.second();
            ahead = 0;
            if (second == before) {
                waiting = true;
                room.whenCaughtUp(transport(), this::heard);
            }
        }
        return waiting;
    }

    private void heard() {
        waiting = false;
        ahead = 0;
        transport().resumeReading();
    }

    private void handle(LineDecoder.Result result) {
        switch (result) {
            case MORE -> {}
            case LINE -> line();
            case TOO_LONG, NOT_UTF8, CONTROL, INVISIBLE -> tell(result.complaint());
            case ENDLESS, FOREIGN -> dismiss(result.complaint());
        }
    }

    private void line() {
        var line = decoder.line();
        if (isBlank(line)) {
            return;
        }
        byte lead = line.get(0);
        if (lead == '/') {
            command(decoder.text());
        } else if (lead == 'q' && decoder.text().strip().equals("quit")) {
            dismiss("good bye");
        } else {
            say(line);
        }
    }

    private void say(ByteBuffer line) {
        if (member != null) {
            hub.lobby().say(member, line);
        }
    }

    private void command(String line) {
        int space = line.indexOf(' ');
        var name = space < 0 ? line : line.substring(0, space);
        var rest = space < 0 ? "" : line.substring(space + 1).strip();
        switch (name) {
            case "/nick" -> nick(rest);
            case "/who" -> who();
            case "/help" -> transport().write(ByteBuffer.wrap(HELP.getBytes(UTF_8)));
            case "/quit" -> dismiss("good bye");
            default -> {
                if (name.startsWith("//")) {
                    say(decoder.line().position(1));
                } else {
                    tell("no such command; /help tells which there are");
                }
            }
        }
    }

    private void nick(String wish) {
        if (member == null) {
            return;
        }
        if (wish.isEmpty()) {
            tell("you are " + member.name() + "; /nick NAME changes it");
            return;
        }
        var complaint = hub.rename(member, wish);
        if (complaint != null) {
            tell("not renamed: " + complaint);
        }
    }

    private void who() {
        var names = hub.lobby().names(NAMES_TOLD_MAX);
        int more = hub.lobby().size() - names.size();
        var list = String.join(", ", names);
        tell(names.size() + more + " here: " + list + (more > 0 ? " and " + more + " more" : ""));
    }

    /// Says good bye when there is something to say, and closes: after what was said until now has
    /// come back from the room, so that the last words are heard by who said them, too.
    private void dismiss(@Nullable String why) {
        if (leaving) {
            return;
        }
        leaving = true;
        transport()
                .execute(() -> {
                    if (why != null) {
                        tell(why);
                    }
                    leave(null);
                    transport().close();
                });
    }

    private void leave(@Nullable IOException cause) {
        if (member != null) {
            hub.leave(member, cause);
            member = null;
        }
    }

    private void tell(String text) {
        transport().write(ByteBuffer.wrap(("* " + text + "\n").getBytes(UTF_8)));
    }

    private Transport transport() {
        if (transport == null) {
            throw new IllegalStateException("not connected");
        }
        return transport;
    }

    private static boolean isBlank(ByteBuffer line) {
        for (int i = 0; i < line.limit(); i++) {
            if (line.get(i) != ' ' && line.get(i) != '\t') {
                return false;
            }
        }
        return true;
    }
}
