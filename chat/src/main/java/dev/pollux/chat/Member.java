package dev.pollux.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.engines.Transport;
import java.nio.ByteBuffer;

/// Somebody in the chat, whichever door they came through.
public final class Member {
    /// Where this member hears things.
    private final Transport transport;

    private final LineEncoder encoder = new LineEncoder();

    /// The name in UTF-8. Replaced as a whole, never changed in place: other threads read it.
    private volatile byte[] name;

    /// What stands for the name among those that are taken; empty as long as it is an address.
    private volatile String folded = "";

    Member(Transport transport, String name) {
        this.transport = transport;
        this.name = name.getBytes(UTF_8);
    }

    /// {@return the name: `ip:port` until [Hub#rename]} Any thread may ask.
    public String name() {
        return new String(name, UTF_8);
    }

    String folded() {
        return folded;
    }

    void named(byte[] name, String folded) {
        this.name = name;
        this.folded = folded;
    }

    Transport transport() {
        return transport;
    }

    ByteBuffer encode(byte[] timestamp, ByteBuffer text) {
        return encoder.encode(timestamp, name, text);
    }
}
