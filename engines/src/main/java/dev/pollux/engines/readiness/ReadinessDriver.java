package dev.pollux.engines.readiness;

import dev.pollux.descriptors.Descriptor;
import dev.pollux.engines.loop.Connection;
import dev.pollux.engines.loop.Driver;
import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.loop.ReadySource;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.selectors.Interest;
import dev.pollux.selectors.ReadyConsumer;
import dev.pollux.selectors.Selector;
import dev.pollux.selectors.SelectorKey;
import dev.pollux.selectors.SigioPoller;
import dev.pollux.selectors.Trigger;
import java.nio.channels.SelectableChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Waits in a [Selector], whatever its mechanism; what is ready is received and sent by the
/// connections themselves.
public final class ReadinessDriver implements Driver, ReadyConsumer<ReadySource> {
    /// What an edge-triggered connection is registered for, once and for all.
    private static final Interest EDGES =
            new Interest(Selector.READ | Selector.WRITE | ReadySource.ENDING, Trigger.EDGE);

    private final Loop loop;
    private final Selector<ReadySource> selector;

    /// What the selector stands on where that is signals; null elsewhere.
    private final @Nullable SigioPoller signals;

    public ReadinessDriver(Loop loop, Selector<ReadySource> selector) {
        this(loop, selector, null);
    }

    /// Makes one over signals.
    ReadinessDriver(Loop loop, SigioPoller signals) {
        this(loop, Selector.over(signals), signals);
    }

    private ReadinessDriver(
            Loop loop, Selector<ReadySource> selector, @Nullable SigioPoller signals) {
        this.loop = loop;
        this.selector = selector;
        this.signals = signals;
    }

    Selector<ReadySource> selector() {
        return selector;
    }

    @Override
    public void begin() throws ErrnoException {
        if (signals != null) {
            signals.begin(); // Others may be waited in by any thread.
        }
    }

    @Override
    public void await(long timeoutNanos) throws ErrnoException {
        selector.select(timeoutNanos < 0 ? Selector.FOREVER : timeoutNanos, this);
    }

    /// Serves what is ready; the selector calls it.
    @Override
    public void ready(SelectorKey<ReadySource> key, int ready) {
        loop.eventCame();
        ReadySource source = Objects.requireNonNull(key.data());
        try {
            source.ready(ready);
        } catch (Throwable e) {
            source.failed(e);
        }
        loop.eventServed();
    }

    @Override
    public void wakeup() {
        selector.wakeup();
    }

    @Override
    public void opened(Connection connection) {
        // A selector hears of it when something is wanted.
    }

    @Override
    public void watch(Connection connection, int known, int wanted, boolean edge)
            throws ErrnoException {
        Object fileobj = connection.wire().fileobj();
        if (known == 0 && selector.keys().containsKey(fileobj)) {
            // An adopted descriptor is adopted again, or was closed without a word and its number
            // reused.
            throw new ErrnoException(Errno.EEXIST, "register", connection.wire().fd());
        }
        if (edge) {
            register(fileobj, EDGES, connection);
        } else if (known == 0) {
            register(fileobj, Interest.level(wanted), connection);
        } else if (wanted == 0) {
            selector.unregister(fileobj);
        } else {
            selector.modify(fileobj, wanted, connection);
        }
    }

    /// Watches what a wire or a door is registered as.
    void register(Object fileobj, Interest interest, ReadySource source) throws ErrnoException {
        switch (fileobj) {
            case Descriptor descriptor -> selector.register(descriptor, interest, source);
            case SelectableChannel channel -> selector.register(channel, interest, source);
            default -> throw new IllegalArgumentException("no selector watches " + fileobj);
        }
    }

    @Override
    public void forget(Connection connection) {
        selector.unregister(connection.wire().fileobj());
    }

    @Override
    public void sendPending() {
        // Nothing is ever pending: a send is decided when it returns.
    }

    @Override
    public long overflows() {
        return signals == null ? 0 : signals.overflows();
    }

    @Override
    public void close() {
        selector.close();
    }
}
