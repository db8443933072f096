package dev.pollux.selectors;

import static java.nio.channels.SelectionKey.OP_ACCEPT;
import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Waits with the JDK's own [java.nio.channels.Selector]: for platforms whose C library is not
/// known here.
///
/// File objects are non-blocking [SelectableChannel]s, and nothing else. The JDK hides their
/// descriptors, so a key's `fd` is a number of this selector's own: the lowest that is free. `READ`
/// also means a connection to accept, `WRITE` also a connection attempt that is decided. Why so:
/// `docs/mechanisms.md`.
final class NioPoller implements Poller {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /// No channel's number: the waker's.
    private static final int WAKE = Integer.MAX_VALUE;

    /// No number yet: what an unknown channel is looked up under.
    private static final int UNKNOWN = Integer.MAX_VALUE - 1;

    private final java.nio.channels.Selector selector;

    /// The numbers in use. Changed under the owning selector's lock.
    private final BitSet numbers = new BitSet();

    /// The JDK's keys by number, null where a number is free; each has its [ChannelWatch] attached.
    /// Changed under the owning selector's lock.
    private final List<@Nullable SelectionKey> keys = new ArrayList<>();

    /// The channel that was claimed last, which the next [#add] is about. If it is refused before
    /// that, nobody says so here.
    private WeakReference<SelectableChannel> claimed = new WeakReference<>(null);

    /// Keys that wait for a connection and will have to wait for room to write afterwards. Guarded
    /// by itself, and so is what any key waits for.
    private final Set<SelectionKey> connecting = new HashSet<>();

    /// Held to keep the waiter out of its next wait.
    private final Object entry = new Object();

    private volatile boolean woken;

    /// Owned by the waiter.
    private final ReadyList ready = new ReadyList();

    private final Consumer<SelectionKey> taker = this::take;
    private long waits;

    private NioPoller(java.nio.channels.Selector selector) {
        this.selector = selector;
    }

    static NioPoller open() throws IOException {
        return new NioPoller(java.nio.channels.Selector.open());
    }

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public int fdOf(Object fileobj) {
        if (fileobj instanceof Integer number) {
            return number;
        }
        SelectableChannel channel = channel(fileobj);
        SelectionKey key = channel.keyFor(selector);
        if (key != null && key.isValid() && key.attachment() instanceof ChannelWatch watch) {
            return watch.number();
        }
        return channel.isOpen() ? UNKNOWN : -1;
    }

    @Override
    public int claim(Object fileobj, int fd) {
        claimed = new WeakReference<>(channel(fileobj));
        int number = fdOf(fileobj); // It may have got one since it was asked for.
        return number == UNKNOWN ? numbers.nextClearBit(0) : number;
    }

    private static SelectableChannel channel(Object fileobj) {
        if (fileobj instanceof SelectableChannel channel) {
            return channel;
        }
        throw new IllegalArgumentException(
                "nio watches SelectableChannels, not descriptors: " + FileObjects.name(fileobj));
    }

    @Override
    public int add(int fd, int kinds, Trigger trigger, int generation) {
        SelectableChannel channel = claimed.get();
        if (channel == null || fd > keys.size()) {
            throw new IllegalArgumentException("no channel was claimed under number " + fd);
        }
        claimed.clear();
        if (fd == keys.size()) {
            keys.add(null);
        }
        numbers.set(fd); // Before the JDK knows of it: there may be no memory to grow.
        try {
            keys.set(fd, register(new ChannelWatch(channel, fd, kinds, trigger, generation)));
        } catch (Throwable t) {
            numbers.clear(fd);
            throw t;
        }
        return 0;
    }

    private SelectionKey register(ChannelWatch watch) {
        try {
            SelectionKey key = registerAfterFlush(watch);
            follow(key, watch);
            return key;
        } catch (ClosedChannelException e) {
            throw new IllegalArgumentException("closed: " + watch.channel(), e);
        } catch (IllegalBlockingModeException e) {
            throw new IllegalArgumentException("nio watches non-blocking channels only", e);
        }
    }

    /// A channel whose former key is cancelled cannot be registered before a wait has flushed that
    /// key.
    private SelectionKey registerAfterFlush(ChannelWatch watch) throws ClosedChannelException {
        try {
            return watch.channel().register(selector, watch.operations(), watch);
        } catch (CancelledKeyException _) {
            synchronized (entry) {
                var _ = selector.wakeup();
                flush();
                SelectionKey key = watch.channel().register(selector, watch.operations(), watch);
                var _ = selector.wakeup(); // The flush has swallowed any that was under way.
                return key;
            }
        }
    }

    private void flush() {
        try {
            int _ = selector.selectNow(_ -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Remembers a key if it waits for a connection, and forgets it if not. The waiter may have
    /// been faster, and have silenced a [Trigger#ONE_SHOT] by now.
    void follow(SelectionKey key, ChannelWatch watch) {
        synchronized (connecting) {
            if (!watch.isConnecting() || isSilent(key)) {
                connecting.remove(key);
                return;
            }
            try {
                connecting.add(key);
            } catch (Throwable t) {
                key.cancel(); // Nobody would know of it.
                throw t;
            }
        }
    }

    private static boolean isSilent(SelectionKey key) {
        try {
            return key.interestOps() == 0;
        } catch (CancelledKeyException _) {
            return true;
        }
    }

    /// Lets the keys whose channel has been connected since wait for room to write.
    private void promoteConnected() {
        synchronized (connecting) {
            if (connecting.isEmpty()) {
                return; // An iterator per wait would be for nothing.
            }
            connecting.removeIf(key -> {
                var watch = (ChannelWatch) key.attachment();
                boolean waiting = key.isValid() && watch.isConnecting();
                if (!waiting) {
                    ask(key, watch.operations());
                }
                return !waiting;
            });
        }
    }

    /// Sets what a key waits for, unless its channel is closed.
    private static boolean ask(SelectionKey key, int operations) {
        try {
            key.interestOps(operations);
            return true;
        } catch (CancelledKeyException _) {
            return false; // Closed: there is nothing to wait for.
        }
    }

    @Override
    public int modify(int fd, int kinds, Trigger trigger, int generation) {
        SelectionKey key = key(fd);
        SelectableChannel channel = key.channel();
        var watch = new ChannelWatch(channel, fd, kinds, trigger, generation);
        synchronized (connecting) {
            key.attach(watch);
            if (!ask(key, watch.operations())) {
                throw new IllegalArgumentException("closed: " + channel);
            }
            follow(key, watch);
        }
        return 0;
    }

    @Override
    public int remove(int fd) {
        SelectionKey key = key(fd);
        key.cancel();
        synchronized (connecting) {
            connecting.remove(key);
        }
        keys.set(fd, null);
        numbers.clear(fd);
        return 0;
    }

    SelectionKey key(int fd) {
        SelectionKey key = keys.get(fd);
        if (key == null) {
            throw new IllegalArgumentException("no channel has the number " + fd);
        }
        return key;
    }

    @Override
    public int await(long timeoutNanos) {
        synchronized (entry) {
            promoteConnected();
        }
        waits++;
        ready.clear();
        ready.ensure(selector.keys().size() + 1);
        // An interrupted thread could not wait at all; the other mechanisms do not look at this.
        boolean interrupted = Thread.interrupted();
        try {
            select(timeoutNanos);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (woken) {
            ready.add(WAKE, Selector.READ, 0);
        }
        return ready.count();
    }

    private void select(long timeoutNanos) throws IOException {
        if (timeoutNanos == 0) {
            int _ = selector.selectNow(taker);
        } else if (timeoutNanos < 0) {
            int _ = selector.select(taker);
        } else {
            int _ = selector.select(taker, Math.ceilDiv(timeoutNanos, NANOS_PER_MILLI));
        }
    }

    private void take(SelectionKey key) {
        var watch = (ChannelWatch) key.attachment();
        int operations;
        try {
            operations = key.readyOps();
        } catch (CancelledKeyException _) {
            return; // Unregistered or closed since the JDK has said it.
        }
        int kinds = (operations & (OP_READ | OP_ACCEPT)) != 0 ? Selector.READ : 0;
        kinds |= (operations & (OP_WRITE | OP_CONNECT)) != 0 ? Selector.WRITE : 0;
        if ((kinds & watch.kinds()) == 0) {
            return; // Armed for something else since then, which is still to come.
        }
        ready.add(watch.number(), kinds, watch.generation());
        if (watch.trigger() == Trigger.ONE_SHOT) {
            disarm(key, watch);
        }
    }

    /// Silences a key, also for the time after its connection, unless it was armed again meanwhile.
    @SuppressWarnings("ReferenceEquality") // an equal one would be a later arming
    private void disarm(SelectionKey key, ChannelWatch watch) {
        synchronized (connecting) {
            if (key.attachment() == watch) {
                boolean _ = ask(key, 0);
                connecting.remove(key);
            }
        }
    }

    @Override
    public int readyFd(int index) {
        return ready.fd(index);
    }

    @Override
    public int readyEvents(int index) {
        return ready.events(index);
    }

    @Override
    public int readyGeneration(int index) {
        return ready.generation(index);
    }

    @Override
    public Optional<String> whyNot(int kinds, Trigger trigger) {
        if (trigger == Trigger.EDGE || trigger == Trigger.EXCLUSIVE) {
            return Optional.of("java.nio knows states only, not " + trigger);
        }
        return (kinds & ~(Selector.READ | Selector.WRITE)) == 0
                ? Optional.empty()
                : Optional.of("java.nio tells READ and WRITE only");
    }

    @Override
    public boolean changesNeedWake() {
        return true;
    }

    @Override
    public boolean watchesDescriptors() {
        return false;
    }

    /// The JDK lets another carrier take the place of one that waits.
    @Override
    public boolean holdsCarrier() {
        return false;
    }

    @Override
    public int wakeFd() {
        return WAKE;
    }

    @Override
    public int wake() {
        woken = true;
        var _ = selector.wakeup();
        return 0;
    }

    @Override
    public void drainWake() {
        woken = false;
    }

    @Override
    public String changeCall() {
        return "register";
    }

    @Override
    public String waitCall() {
        return "java.nio select";
    }

    @Override
    public Map<String, Long> systemCalls() {
        return Map.of("java.nio select", waits);
    }

    @Override
    public void close() {
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
