package dev.pollux.engines;

import dev.pollux.engines.models.IoModel;
import dev.pollux.engines.shared.AcceptTrouble;
import dev.pollux.libc.Descriptors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Fills its own descriptor table while an engine serves, in a process of its own, since a JVM
/// without descriptors cannot even load classes. Says `survived` for each model, or fails.
final class FullTableProgram {
    private static final int DESCRIPTORS = 300;
    private static final int CROWD = 4;
    private static final int WORKERS = 16;

    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private final Deque<Integer> filling = new ArrayDeque<>();

    private FullTableProgram() {}

    /// Runs.
    ///
    /// @param models the names of the models
    public static void main(String[] models) throws Exception {
        for (String model : models) {
            new FullTableProgram().run(IoModel.named(model), false); // Loads all classes.
        }
        AcceptTrouble.isTableFull(new IOException()); // The class of the errors too.
        int result = Descriptors.setNofileSoft(DESCRIPTORS);
        require(result == 0, "setrlimit " + result);
        for (String model : models) {
            new FullTableProgram().run(IoModel.named(model), true);
            System.out.println("survived " + model);
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    private void run(IoModel model, boolean full) throws Exception {
        Limits limits =
                Limits.DEFAULT.withTimeouts(
                        Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(10));
        int threads = model == IoModel.BLOCKING_POOL ? WORKERS : 1;
        try (Engine engine = model.open(limits, threads, (line, _) -> troubles.add(line))) {
            SocketAddress door =
                    engine.listen(new InetSocketAddress("127.0.0.1", 0), Texts::echo).address();
            try (SocketChannel before = SocketChannel.open(door)) {
                echo(before);
                for (int episode = 1; episode <= 2; episode++) {
                    episode(engine, door, full, episode);
                    echo(before);
                }
            }
        }
        require(full || troubles.isEmpty(), "troubles " + troubles);
    }

    /// The table fills up, newcomers come, and it empties again.
    private void episode(Engine engine, SocketAddress door, boolean full, int number)
            throws IOException {
        List<SocketChannel> crowd = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            crowd.add(SocketChannel.open());
        }
        awaitAlone(engine);
        if (full) {
            fill();
        }
        long acceptsBefore = accepts(engine);
        long refusedBefore = refused(engine);
        IoModel model = IoModel.named(engine.name());
        boolean concerned = full && model != IoModel.IO_URING; // Has its own table.
        boolean refuses = concerned && !isJdks(model);
        for (SocketChannel newcomer : crowd) {
            newcomer.connect(door);
        }
        if (refuses) {
            // Who sleeps in the accept, or the JVM itself, may have held a descriptor until now.
            long turnedAway = crowd.stream().filter(FullTableProgram::isTurnedAway).count();
            require(turnedAway > 0, "nobody was turned away");
            awaitRefused(engine, refusedBefore + turnedAway);
            long accepts = accepts(engine) - acceptsBefore;
            require(accepts <= 4L * CROWD, accepts + " accepts for " + CROWD + " newcomers");
        } else if (concerned) {
            awaitTrouble(number);
        } else {
            echoAll(crowd);
        }
        empty();
        if (!refuses) {
            echoAll(crowd);
        }
        for (SocketChannel newcomer : crowd) {
            newcomer.close();
        }
        try (SocketChannel after = SocketChannel.open(door)) {
            echo(after);
        }
        require(!concerned || troubles.size() == number, "each episode is told once: " + troubles);
    }

    /// Waits until the engine has closed all connections but one, whose descriptors would make room
    /// in the table.
    private static void awaitAlone(Engine engine) {
        while (engine.statistics().open() != 1) {
            Thread.onSpinWait();
        }
    }

    private static void awaitRefused(Engine engine, long count) {
        while (refused(engine) < count) {
            Thread.onSpinWait();
        }
        require(refused(engine) == count, refused(engine) + " refused, not " + count);
    }

    private static long refused(Engine engine) {
        return engine.statistics().refused();
    }

    /// {@return whether it knows no descriptors, so none can be held in reserve}
    private static boolean isJdks(IoModel model) {
        return model == IoModel.NIO || model == IoModel.NIO2 || model == IoModel.BLOCKING_VIRTUAL;
    }

    private void awaitTrouble(int count) {
        while (troubles.size() < count) {
            Thread.onSpinWait();
        }
    }

    private static long accepts(Engine engine) {
        return engine.statistics().systemCalls().getOrDefault("accept4", 0L);
    }

    private void fill() {
        for (int fd = Descriptors.dup(0); fd >= 0; fd = Descriptors.dup(0)) {
            filling.push(fd);
        }
    }

    private void empty() {
        while (!filling.isEmpty()) {
            require(Descriptors.close(filling.pop()) == 0, "close");
        }
    }

    private static void echoAll(List<SocketChannel> channels) throws IOException {
        for (SocketChannel channel : channels) {
            echo(channel);
        }
    }

    private static void echo(SocketChannel channel) throws IOException {
        ByteBuffer message = ByteBuffer.wrap("还在吗".getBytes(StandardCharsets.UTF_8));
        channel.write(message.duplicate());
        ByteBuffer answer = ByteBuffer.allocate(message.remaining());
        while (answer.hasRemaining()) {
            require(channel.read(answer) > 0, "the end instead of an answer");
        }
        require(answer.flip().equals(message), "another answer");
    }

    /// {@return whether the end came, or a reset, instead of an answer}
    private static boolean isTurnedAway(SocketChannel newcomer) {
        try {
            newcomer.write(ByteBuffer.wrap(new byte[] {'?'}));
            return newcomer.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException _) {
            return true;
        }
    }
}
