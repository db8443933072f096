package dev.pollux.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One client of a [Desk]: its lines go to the operator, the operator's answers come back. `quit`
/// or the end of input leaves.
final class DeskProtocol implements Protocol {
    private final Desk desk;
    private final LineDecoder decoder = new LineDecoder();

    /// Set by [#connected], before the desk knows this client.
    private @Nullable Transport transport;

    /// `127.0.0.1:54321`; written once, before the desk knows this client.
    private String name = "";

    /// The client's number; 0 before it came and after it left.
    private int number;

    DeskProtocol(Desk desk) {
        this.desk = desk;
    }

    String name() {
        return name;
    }

    /// Sends the operator's answer. Any thread may call.
    void answer(String text) {
        send(text + "\n");
    }

    @Override
    public void connected(Transport transport) {
        this.transport = transport;
        name = PeerName.of(transport.peer());
        number = desk.enter(this);
        desk.show("* #" + number + " " + name + " came");
    }

    @Override
    public void received(ByteBuffer bytes) {
        var result = LineDecoder.Result.LINE;
        while (result != LineDecoder.Result.MORE && number > 0) {
            result = decoder.next(bytes);
            handle(result);
        }
        bytes.position(bytes.limit());
    }

    @Override
    public boolean eof() {
        handle(decoder.end());
        leave();
        return false;
    }

    @Override
    public boolean stopping() {
        tell("server is stopping");
        return false;
    }

    @Override
    public void disconnected(@Nullable IOException cause) {
        leave();
    }

    private void handle(LineDecoder.Result result) {
        switch (result) {
            case MORE -> {}
            case LINE -> line(decoder.text());
            case TOO_LONG, NOT_UTF8, CONTROL, INVISIBLE -> tell(result.complaint());
            case ENDLESS, FOREIGN -> dismiss(result.complaint());
        }
    }

    private void line(String text) {
        var words = text.strip();
        if (words.equals("quit") || words.equals("/quit")) {
            dismiss("good bye");
        } else if (!words.isEmpty()) {
            desk.show("#" + number + " " + name + ": " + text);
        }
    }

    private void dismiss(String why) {
        tell(why);
        leave();
        if (transport != null) {
            transport.close();
        }
    }

    private void leave() {
        if (number > 0) {
            desk.leave(number);
            desk.show("* #" + number + " " + name + " left");
            number = 0;
        }
    }

    private void tell(String text) {
        send("* " + text + "\n");
    }

    private void send(String text) {
        if (transport != null) {
            transport.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
        }
    }
}
