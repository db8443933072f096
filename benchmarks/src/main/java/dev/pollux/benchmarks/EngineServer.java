package dev.pollux.benchmarks;

import dev.pollux.engines.Engine;
import dev.pollux.engines.EngineObserver;
import dev.pollux.engines.Group;
import dev.pollux.engines.Limits;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.Transport;
import dev.pollux.engines.models.IoModel;
import dev.pollux.engines.models.Threading;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/// Our engine doing what the bare C loops do and nothing else: an echo, or a group in which every
/// chunk received goes to every member. Beside `./pollux echo` and `./pollux chat` it shows what
/// the engine costs, and what the servers on it.
public final class EngineServer {
    /// One for each connection of the load.
    private static final int WORKERS = 64;

    private EngineServer() {}

    /// Serves until the process is ended.
    ///
    /// @param arguments `echo` or `broadcast`, the model, then the port; 0 takes a free one
    /// @throws IOException when the model or the port cannot be opened
    /// @throws InterruptedException when interrupted while serving
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Engine engine = open(IoModel.named(arguments[1]))) {
            Supplier<Protocol> protocols = protocols(arguments[0], engine);
            var listener = engine.listen(Doors.address(arguments), protocols);
            Doors.announce(((InetSocketAddress) listener.address()).getPort());
            engine.awaitStop();
        }
    }

    private static Engine open(IoModel model) throws IOException {
        return model.threading() == Threading.WORKERS
                ? model.open(Limits.DEFAULT, WORKERS, EngineObserver.SILENT)
                : model.open(Limits.DEFAULT);
    }

    private static Supplier<Protocol> protocols(String what, Engine engine) {
        return switch (what) {
            case "echo" -> Echo::new;
            case "broadcast" -> {
                Group group = engine.group();
                yield () -> new Member(group);
            }
            default -> throw new IllegalArgumentException("echo or broadcast, not " + what);
        };
    }

    @SuppressWarnings("NullAway.Init") // The engine calls connected() first.
    private static final class Echo implements Protocol {
        private Transport transport;

        @Override
        public void connected(Transport connection) {
            transport = connection;
        }

        @Override
        public void received(ByteBuffer bytes) {
            transport.write(bytes);
        }
    }

    private static final class Member implements Protocol {
        private final Group group;

        Member(Group group) {
            this.group = group;
        }

        @Override
        public void connected(Transport connection) {
            group.join(connection);
        }

        @Override
        public void received(ByteBuffer bytes) {
            group.broadcast(bytes);
        }
    }
}
