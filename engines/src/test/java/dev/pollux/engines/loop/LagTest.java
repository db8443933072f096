package dev.pollux.engines.loop;

import static dev.pollux.engines.Texts.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.Client;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.Group;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.Transport;
import dev.pollux.engines.shared.Pace;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// For how long a member that is behind is waited for, where the kernel tells what it takes: at
/// once, later, or another thread.
@ParameterizedClass(name = "{0}")
@MethodSource("models")
@Timeout(60)
final class LagTest {
    private static final int LOW = 64 * 1024;
    private static final int HIGH = 256 * 1024;
    private static final int MOST = 16 * 1024 * 1024;
    private static final byte[] SAID = pattern(16 * 1024);

    /// Longer than the patience with a member that takes nothing.
    private static final long LONG_NANOS = Pace.PATIENCE_NANOS * 5 / 4;

    private static final int ATTEMPTS_MAX = 10;

    @RegisterExtension final Rig rig;

    LagTest(Flavor flavor) {
        rig =
                new Rig(flavor)
                        .with(
                                Rig.PATIENT
                                        .withOutbound(LOW, HIGH, MOST)
                                        .withTimeouts(
                                                Duration.ZERO,
                                                Duration.ZERO,
                                                Duration.ofSeconds(10),
                                                Duration.ofSeconds(10)));
    }

    static Stream<Flavor> models() {
        return Flavor.alone()
                .filter(flavor ->
                        switch (flavor.model()) {
                            case EPOLL, IO_URING, BLOCKING_THREADS -> true;
                            default -> false;
                        });
    }

    @Test
    void whoTakesOnlyWhatTheKernelHoldsIsWaitedFor() throws Exception {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Group group = rig.engine().group();
            Scripted member = new Scripted().onConnected(group::join);
            Client client = rig.connectNarrow(rig.doorFor(member));
            Transport transport = member.transport();
            Rig.eventually("it has joined", () -> group.size() == 1);
            while (!group.isBehind()) {
                group.broadcast(ByteBuffer.wrap(SAID));
                Rig.caughtUp(transport);
            }
            boolean steady = readALittle(client);
            boolean behind = group.isBehind();
            if (steady && transport.queuedBytes() >= LOW) {
                assertThat(behind).isTrue();
                return;
            }
            client.close();
            rig.awaitOpen(0);
        }
        assumeTrue(false, "the machine is too busy: the peer itself stalls, which proves nothing");
    }

    /// Reads a little now and then.
    ///
    /// @return whether no pause in it was long
    private static boolean readALittle(Client client) throws Exception {
        long begin = System.nanoTime();
        long last = begin;
        long longest = 0;
        while (last - begin < LONG_NANOS) {
            client.receive(20_000);
            LockSupport.parkNanos(200_000_000); // It is the peer that is slow here.
            long now = System.nanoTime();
            longest = Math.max(longest, now - last);
            last = now;
        }
        return longest < Pace.PATIENCE_NANOS / 4;
    }
}
