package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A protocol that does what a test tells it, and keeps a log of what happened. Without a script it
/// takes all input and says nothing.
public final class Scripted implements Protocol {
    private static final long DEADLINE_SECONDS = 50;

    private final CompletableFuture<Transport> open = new CompletableFuture<>();
    private final CompletableFuture<@Nullable IOException> over = new CompletableFuture<>();

    /// What happened, in order, not yet asked for.
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    /// What was asked for already.
    private final List<String> past = new ArrayList<>();

    private final ByteArrayOutputStream input = new ByteArrayOutputStream();

    private Consumer<Transport> onConnected = _ -> {};
    private BiConsumer<Transport, ByteBuffer> onReceived = (_, bytes) -> take(bytes);
    private Predicate<Transport> onEof = _ -> false;
    private Consumer<Transport> onWritable = _ -> {};
    private Predicate<Transport> onStopping = _ -> false;
    private Consumer<Transport> onDisconnected = _ -> {};

    public Scripted onConnected(Consumer<Transport> script) {
        onConnected = script;
        return this;
    }

    public Scripted onReceived(BiConsumer<Transport, ByteBuffer> script) {
        onReceived = script;
        return this;
    }

    Scripted onEof(Predicate<Transport> script) {
        onEof = script;
        return this;
    }

    Scripted onWritable(Consumer<Transport> script) {
        onWritable = script;
        return this;
    }

    public Scripted onStopping(Predicate<Transport> script) {
        onStopping = script;
        return this;
    }

    public Scripted onDisconnected(Consumer<Transport> script) {
        onDisconnected = script;
        return this;
    }

    /// Takes everything there is.
    public void take(ByteBuffer bytes) {
        take(bytes, bytes.remaining());
    }

    /// Takes the first bytes.
    void take(ByteBuffer bytes, int size) {
        byte[] copy = new byte[size];
        bytes.get(copy);
        input.writeBytes(copy);
    }

    /// Adds to the log.
    public void note(String event) {
        events.add(event);
    }

    @Override
    public void connected(Transport transport) {
        events.add("connected");
        open.complete(transport);
        onConnected.accept(transport);
    }

    @Override
    public void received(ByteBuffer bytes) {
        int offered = bytes.remaining();
        onReceived.accept(transportHere(), bytes);
        events.add("received " + offered);
    }

    @Override
    public boolean eof() {
        boolean stays = onEof.test(transportHere());
        events.add("eof");
        return stays;
    }

    @Override
    public void writable() {
        onWritable.accept(transportHere());
        events.add("writable");
    }

    @Override
    public boolean stopping() {
        boolean byItself = onStopping.test(transportHere());
        events.add("stopping");
        return byItself;
    }

    @Override
    public void disconnected(@Nullable IOException cause) {
        onDisconnected.accept(transportHere());
        events.add("disconnected");
        over.complete(cause);
    }

    private Transport transportHere() {
        return open.join();
    }

    /// {@return its transport, once it is connected}
    public Transport transport() throws Exception {
        return open.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /// {@return its transport, where nothing checked may be thrown}
    Transport here() {
        try {
            return transport();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /// {@return why it ended, once it has}
    public @Nullable IOException cause() throws Exception {
        return over.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /// {@return the engine's reason for the end, once it has ended}
    public DisconnectedException.Reason reason() throws Exception {
        IOException cause = cause();
        assertThat(cause).isInstanceOf(DisconnectedException.class);
        return ((DisconnectedException) cause).reason();
    }

    public boolean isOver() {
        return over.isDone();
    }

    /// Waits for an event of the log, which moves on behind it.
    public Scripted await(String event) throws InterruptedException {
        String next;
        do {
            next = events.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("waiting for %s after %s", event, past).isNotNull();
            past.add(next);
        } while (!event.equals(next));
        return this;
    }

    /// {@return the whole log so far, without how input was cut into pieces}
    public List<String> log() {
        events.drainTo(past);
        return past.stream().filter(event -> !event.startsWith("received")).toList();
    }

    /// {@return how often an event has happened so far}
    public long count(String event) {
        events.drainTo(past);
        return past.stream().filter(event::equals).count();
    }

    /// {@return what was taken; complete once the connection is over}
    public byte[] input() {
        return input.toByteArray();
    }

    public String inputText() {
        return input.toString(StandardCharsets.UTF_8);
    }
}
