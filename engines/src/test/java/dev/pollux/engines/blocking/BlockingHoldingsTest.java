package dev.pollux.engines.blocking;

import static dev.pollux.engines.Texts.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.engines.Background;
import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.EngineObserver;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import java.nio.ByteBuffer;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The budget of a blocking engine, as its errand thread looks after it.
@Timeout(60)
final class BlockingHoldingsTest {
    private static final int BUDGET = 100_000;

    private final BlockingEngine engine =
            new BlockingEngine(
                    "blocking", Serving.BY_THREAD, Rig.PATIENT, 1, EngineObserver.SILENT);
    private final List<BlockingConnection> connections = new ArrayList<>();

    private Scripted serve() throws Exception {
        assertThat(engine.claim()).isTrue();
        Scripted protocol = new Scripted();
        ScriptedBlockingWire wire = new ScriptedBlockingWire(true).room(0);
        engine.threads().start("test", new Arrival(engine, wire, () -> protocol), false);
        connections.add((BlockingConnection) protocol.transport());
        return protocol;
    }

    private static void write(Scripted protocol, int bytes) throws Exception {
        protocol.transport().write(ByteBuffer.wrap(pattern(bytes)));
    }

    /// What comes while the errand thread has looked is left to it, and nobody else asks.
    @Test
    void whatComesBehindALookIsLookedAtAsWell() throws Exception {
        Scripted first = serve();
        Scripted second = serve();
        write(first, 90_000);
        write(second, 20_000);
        Looks looks = new Looks();
        BlockingHoldings holdings =
                new BlockingHoldings(BUDGET, engine.segments(), looks, engine.threads()::schedule);
        looks.behindTheSecond =
                () -> {
                    write(second, 150_000);
                    holdings.check();
                };
        holdings.check();
        assertThat(first.reason()).isEqualTo(Reason.OVER_BUDGET);
        assertThat(second.reason()).isEqualTo(Reason.OVER_BUDGET);
        assertThat(looks.behindTheSecond).isNull();
        Background.run(engine::close).get(20, TimeUnit.SECONDS);
    }

    @Test
    void whoFindsNoMemoryToAskLeavesItToTheNext() throws Exception {
        Scripted greedy = serve();
        write(greedy, 150_000);
        AtomicBoolean full = new AtomicBoolean(true);
        BlockingHoldings holdings =
                new BlockingHoldings(
                        BUDGET,
                        engine.segments(),
                        connections,
                        (task, nanos) -> {
                            if (full.getAndSet(false)) {
                                throw new OutOfMemoryError("no memory");
                            }
                            return engine.threads().schedule(task, nanos);
                        });
        assertThatThrownBy(holdings::check).isInstanceOf(OutOfMemoryError.class);
        assertThat(greedy.isOver()).isFalse();
        holdings.check();
        assertThat(greedy.reason()).isEqualTo(Reason.OVER_BUDGET);
        Background.run(engine::close).get(20, TimeUnit.SECONDS);
    }

    /// Something that happens while the errand thread looks.
    private interface Meanwhile {
        void happens() throws Exception;
    }

    /// The connections; behind the second walk through them something happens.
    private final class Looks extends AbstractCollection<BlockingConnection> {
        private final Collection<BlockingConnection> all = connections;
        private int walks;
        private Meanwhile behindTheSecond;

        @Override
        public Iterator<BlockingConnection> iterator() {
            walks++;
            Iterator<BlockingConnection> each = all.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    if (!each.hasNext() && walks == 2 && behindTheSecond != null) {
                        Meanwhile now = behindTheSecond;
                        behindTheSecond = null;
                        try {
                            now.happens();
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    }
                    return each.hasNext();
                }

                @Override
                public BlockingConnection next() {
                    return each.next();
                }
            };
        }

        @Override
        public int size() {
            return all.size();
        }
    }
}
