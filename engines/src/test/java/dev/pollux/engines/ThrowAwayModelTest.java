package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.io.SocketDoor;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.loop.Acceptor;
import dev.pollux.engines.loop.Connection;
import dev.pollux.engines.loop.Doors;
import dev.pollux.engines.loop.Driver;
import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.loop.LoopEngine;
import dev.pollux.engines.loop.LoopModel;
import dev.pollux.engines.loop.ReadySource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A model of one's own: one class, and nothing else is changed.
@Timeout(60)
final class ThrowAwayModelTest {
    /// Asks nobody what is ready: every millisecond everything is tried.
    private static final class Clockwork implements LoopModel, Driver {
        private final Map<Connection, Integer> wanted = new LinkedHashMap<>();
        private final Semaphore awake = new Semaphore(0);
        private Runnable accept = () -> {};

        @Override
        public String name() {
            return "clockwork";
        }

        @Override
        public Driver driver(Loop loop) {
            return this;
        }

        @Override
        public Acceptor bind(
                Doors doors, SocketAddress address, Supplier<? extends Protocol> protocols)
                throws IOException {
            SocketDoor door = SocketDoor.open(address, 16, false);
            return new Acceptor() {
                @Override
                public void open() {
                    accept = this::acceptAll;
                }

                private void acceptAll() {
                    try {
                        for (Wire next = door.accept(); next != null; next = door.accept()) {
                            doors.accepted(next, protocols);
                        }
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                }

                @Override
                public void resumeSoon() {
                    // Nobody is turned away here.
                }

                @Override
                public SocketAddress address() {
                    return door.address();
                }

                @Override
                public void close() {
                    doors.closed(this);
                    if (!doors.loops().first().hand(this::closeHere, 0)) {
                        closeHere(); // The loop has ended.
                    }
                }

                private void closeHere() {
                    accept = () -> {};
                    door.close();
                }
            };
        }

        @Override
        public Wire adopt(int fd) {
            throw LoopModel.knowsNoDescriptors(name(), fd);
        }

        @Override
        public boolean edges() {
            return false;
        }

        @Override
        public void begin() {
            // Nothing is needed.
        }

        @Override
        public void await(long timeoutNanos) {
            long nanos = timeoutNanos < 0 ? 1_000_000 : Math.min(timeoutNanos, 1_000_000);
            try {
                if (awake.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
                    awake.drainPermits();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            accept.run();
            for (Map.Entry<Connection, Integer> one : Map.copyOf(wanted).entrySet()) {
                ReadySource source = one.getKey();
                source.ready(one.getValue());
            }
        }

        @Override
        public void wakeup() {
            awake.release();
        }

        @Override
        public void opened(Connection connection) {
            // It is told of when something is wanted.
        }

        @Override
        public void watch(Connection connection, int known, int events, boolean edge) {
            wanted.put(connection, events);
        }

        @Override
        public void forget(Connection connection) {
            wanted.remove(connection);
        }

        @Override
        public void sendPending() {
            // A send is decided when it returns.
        }

        @Override
        public void close() {
            assertThat(wanted).isEmpty();
        }
    }

    @Test
    void servesLikeAnyOther() throws Exception {
        SocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Engine engine =
                new LoopEngine(new Clockwork(), Limits.DEFAULT, 1, EngineObserver.SILENT)) {
            assertThat(engine.name()).isEqualTo("clockwork");
            Listener door = engine.listen(loopback, Texts::echo);
            try (Client one = Client.connect(door.address());
                    Client two = Client.connect(door.address())) {
                assertThat(one.send("你好").receive("你好")).isEqualTo("你好");
                assertThat(two.send("ahoj").receive("ahoj")).isEqualTo("ahoj");
                assertThat(engine.statistics().open()).isEqualTo(2);
            }
        }
    }
}
