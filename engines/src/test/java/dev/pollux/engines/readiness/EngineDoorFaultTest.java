package dev.pollux.engines.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.Client;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.Listener;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Texts;
import dev.pollux.engines.io.ChannelDoor;
import dev.pollux.engines.io.Door;
import dev.pollux.engines.io.SocketDoor;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.loop.LoopEngine;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Accepts that fail: whatever a newcomer, the kernel or the JDK does, a door is tried again.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.pollux.engines.Flavor#loopsOverReadiness")
@Timeout(60)
final class EngineDoorFaultTest {
    private static final SocketAddress LOOPBACK =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /// A real door whose first accepts throw, and which cannot be watched again at once.
    private static final class FaultyDoor implements Door {
        private final Door real;
        private final Deque<Throwable> accepts = new ArrayDeque<>();
        private boolean watchesAgain = true;
        private int looks;

        FaultyDoor(Door real) {
            this.real = real;
        }

        FaultyDoor accepts(List<? extends Throwable> failures) {
            accepts.addAll(failures);
            return this;
        }

        /// The first two tries to watch it again fail.
        FaultyDoor cannotBeWatchedAgain() {
            watchesAgain = false;
            return this;
        }

        /// Looked at to be watched, to be left alone, and then to be watched again.
        @Override
        public Object fileobj() {
            looks++;
            if (!watchesAgain && (looks == 3 || looks == 4)) {
                throw new IllegalStateException("cannot be watched");
            }
            return real.fileobj();
        }

        @Override
        public SocketAddress address() {
            return real.address();
        }

        @Override
        public @Nullable Wire accept() throws IOException {
            if (!accepts.isEmpty()) {
                EngineDoorFaultTest.<RuntimeException>toss(accepts.remove());
            }
            return real.accept();
        }

        @Override
        public void close() {
            real.close();
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void toss(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @RegisterExtension final Rig rig;

    EngineDoorFaultTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    private Client connectAt(FaultyDoor door) throws Exception {
        LoopEngine engine = (LoopEngine) rig.engine();
        Listener listener =
                engine.open(
                        new ReadinessAcceptor(
                                engine.doors(), door, () -> rig.watched(Texts.echo())));
        return rig.connect(listener.address());
    }

    private FaultyDoor door() throws IOException {
        rig.engine(); // It may load what it needs first.
        return new FaultyDoor(
                rig.flavor().hasDescriptors()
                        ? SocketDoor.open(LOOPBACK, 10, false)
                        : ChannelDoor.open(LOOPBACK, 10, false));
    }

    private void assertServedAfter(List<? extends Throwable> failures) throws Exception {
        Client client = connectAt(door().accepts(failures));
        assertThat(client.send("好").receive("好")).isEqualTo("好");
        assertThat(rig.engine().statistics().refused()).isZero();
    }

    @Test
    void errorsOfANewcomerPassOverItAlone() throws Exception {
        int[] errors = {
            Errno.ECONNABORTED,
            Errno.EPERM,
            Errno.EPROTO,
            Errno.ENETDOWN,
            Errno.ENOPROTOOPT,
            Errno.EHOSTDOWN,
            Errno.EHOSTUNREACH,
            Errno.EOPNOTSUPP,
            Errno.ENETUNREACH
        };
        for (int errno : errors) {
            assertServedAfter(List.of(new ErrnoException(errno, "accept", 3)));
        }
        assertThat(rig.troubles()).isEmpty();
    }

    @Test
    void aDoorThatCannotBeWatchedAgainIsTriedAgain() throws Exception {
        rig.expectTrouble("cannot accept, trying again soon: ");
        Throwable once = new ErrnoException(Errno.ENOMEM, "accept", 3);
        FaultyDoor door = door().accepts(List.of(once)).cannotBeWatchedAgain();
        assertThat(connectAt(door).send("好").receive("好")).isEqualTo("好");
        assertThat(door.looks).isEqualTo(5);
        assertThat(rig.troubles()).hasSize(1);
    }

    @Test
    void aDoorThatThrowsIsTriedAgainAndSaysSoOnce() throws Exception {
        rig.expectTrouble("cannot accept, trying again soon: ");
        assertServedAfter(
                List.of(
                        new IllegalArgumentException("no address"),
                        new OutOfMemoryError("no memory"),
                        new NoClassDefFoundError("no class"),
                        new ErrnoException(Errno.ENOBUFS, "accept", 3),
                        new IOException("without a number")));
        assertThat(rig.troubles()).singleElement().asString().endsWith("no address");
    }
}
