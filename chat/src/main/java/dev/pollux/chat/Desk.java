package dev.pollux.chat;

import dev.pollux.engines.Protocol;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The operator's desk: every client talks to the operator alone, and the operator answers whom
/// they like, when they like.
///
/// A client's line is shown as `#3 127.0.0.1:54321: text`. What the operator types:
///
/// | typed | does |
/// |---|---|
/// | `3 text` | sends `text` to client 3 alone |
/// | `who` | shows who is here |
/// | `help` | shows this |
///
/// Numbers count from 1 and are never given twice. Any thread may call.
public final class Desk {
    private final Consumer<String> screen;
    private final ConcurrentMap<Integer, DeskProtocol> clients = new ConcurrentHashMap<>();
    private final AtomicInteger lastNumber = new AtomicInteger();

    /// Creates a desk with nobody at it.
    ///
    /// @param screen takes lines for the operator, without line ends; must not block
    public Desk(Consumer<String> screen) {
        this.screen = screen;
    }

    /// {@return the protocol of one more client}
    public Protocol client() {
        return new DeskProtocol(this);
    }

    /// Does what the operator typed. What goes wrong is shown, in one line.
    ///
    /// @param line what was typed, without the line's end
    public void typed(String line) {
        var words = line.strip();
        int space = words.indexOf(' ');
        var first = space < 0 ? words : words.substring(0, space);
        var rest = space < 0 ? "" : words.substring(space + 1).strip();
        switch (first) {
            case "" -> {}
            case "who", "/who" -> who();
            case "help", "/help" -> show("* NUMBER text answers; who, help, quit");
            default -> answer(first, rest);
        }
    }

    private void answer(String address, String text) {
        int number = number(address);
        var client = clients.get(number);
        if (number <= 0) {
            show("* begin with the client's number: 3 text (help tells more)");
        } else if (client == null) {
            boolean gone = number <= lastNumber.get();
            show(gone ? "* client #" + number + " has left" : "* there is no client #" + number);
        } else if (text.isEmpty()) {
            show("* nothing to send to client #" + number);
        } else {
            client.answer(text);
        }
    }

    /// {@return the number that `3` or `#3` names; 0 when it is none}
    private static int number(String word) {
        int number = 0;
        for (int i = word.startsWith("#") ? 1 : 0; i < word.length(); i++) {
            int digit = word.charAt(i) - '0';
            if (digit < 0 || digit > 9 || number > 99_999_999) {
                return 0;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private void who() {
        if (clients.isEmpty()) {
            show("* nobody is here");
        }
        for (var entry : new TreeMap<>(clients).entrySet()) {
            show("* #" + entry.getKey() + " " + entry.getValue().name());
        }
    }

    int enter(DeskProtocol client) {
        int number = lastNumber.incrementAndGet();
        clients.put(number, client);
        return number;
    }

    void leave(int number) {
        clients.remove(number);
    }

    void show(String line) {
        screen.accept(line);
    }
}
