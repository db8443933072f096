package dev.pollux.selectors;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Waits until one or more of many descriptors are ready: CPython's `selectors`, typed, over any
/// descriptor and any [Mechanism].
///
/// ```java
/// try (Selector<String> selector = Selector.open()) {
///     selector.register(socket, Selector.READ, "a peer");
///     for (Ready<String> ready : selector.select(Duration.ofSeconds(1))) {
///         System.out.println(ready.key().data() + " has sent something");
///     }
/// }
/// ```
///
/// **File objects** are an [Integer], a [Descriptor] or one of the standard
/// [java.io.FileDescriptor]s. The descriptor is the identity: an object and its number are the same
/// key. An object that is closed by now is found by its own identity, so that it can still be
/// unregistered.
///
/// **Threads.** One thread waits at a time. Any thread may register, modify, unregister, look up,
/// wake and close meanwhile; changes take effect in the wait that is running. Nothing here blocks
/// but a wait.
///
/// **Errors.** A wrong argument is an [IllegalArgumentException]; a descriptor that is not
/// registered a [java.util.NoSuchElementException], one that is already registered an
/// [IllegalStateException]; a closed selector a [java.nio.channels.ClosedSelectorException]; what
/// this mechanism cannot do an [UnsupportedOperationException]; what the kernel refuses an
/// [ErrnoException], after which the key is not registered.
///
/// Not promised: the order of events, and fairness between descriptors.
///
/// @param <T> the type of the data that goes with each key
public final class Selector<T> implements AutoCloseable {
    /// Ready to be read: bytes, a connection to accept, or the end of input. `EVENT_READ`.
    public static final int READ = 1;

    /// Ready to be written, or a connection attempt is decided. `EVENT_WRITE`.
    public static final int WRITE = 2;

    /// Urgent data or another exceptional condition; only through [Interest].
    public static final int PRIORITY = 4;

    /// The peer has finished sending; there may still be bytes to read. Only through [Interest].
    public static final int READ_CLOSED = 8;

    /// Both directions have ended; there may still be bytes to read. Only through [Interest].
    public static final int HANGUP = 16;

    /// An error is pending, or the descriptor was closed while registered. Only through [Interest].
    public static final int ERROR = 32;

    private final Poller poller;
    private final KeyTable<T> table = new KeyTable<>();
    private final WakeGate gate = new WakeGate();
    private final Turnstile turnstile = new Turnstile();
    private final SpinDetector<T> spins;
    private final WaitLoop<T> loop;
    private final Map<Integer, SelectorKey<T>> keys;

    /// Changes the interest set. Its monitor guards every change and the end, and is never held
    /// while waiting or in a consumer.
    private final Registry<T> registry;

    /// Whether the poller is closed. Guarded by the registry.
    private boolean released;

    private Selector(Poller poller) {
        this.poller = poller;
        this.spins = new SpinDetector<>(poller.watchesDescriptors());
        this.loop = new WaitLoop<>(poller, table, gate, turnstile, spins);
        this.registry = new Registry<>(poller, table);
        this.keys = new KeyMap<>(table, registry::lookUp);
    }

    /// {@return a new selector over the best mechanism of this machine: the first that is there, in
    /// the order of [Mechanism]}
    ///
    /// @param <T> the type of the data
    /// @throws IOException if there is no descriptor left for it: never something worse instead
    /// @throws UnsupportedOperationException if the machine has none
    public static <T> Selector<T> open() throws IOException {
        return over(Mechanism.openBest());
    }

    /// {@return a new selector over any poller, which it owns from now on}
    ///
    /// @param <T> the type of the data
    /// @param poller the mechanism, or what stands for it in a test
    public static <T> Selector<T> over(Poller poller) {
        return new Selector<>(poller);
    }

    /// Registers a file object without data, level-triggered.
    ///
    /// @param fileobj the file object
    /// @param events [#READ], [#WRITE] or both
    /// @return the key
    /// @throws ErrnoException if the kernel refuses it, as `EBADF` or, on epoll for a regular file,
    ///   `EPERM`
    public SelectorKey<T> register(Object fileobj, int events) throws ErrnoException {
        return register(fileobj, events, null);
    }

    /// Registers a file object, level-triggered.
    ///
    /// @param fileobj the file object
    /// @param events [#READ], [#WRITE] or both
    /// @param data goes with the key
    /// @return the key
    /// @throws ErrnoException if the kernel refuses it, as `EBADF` or, on epoll for a regular file,
    ///   `EPERM`
    public SelectorKey<T> register(Object fileobj, int events, @Nullable T data)
            throws ErrnoException {
        return add(fileobj, pair(events), Trigger.LEVEL, data);
    }

    /// Registers a file object.
    ///
    /// @param fileobj the file object
    /// @param interest what to watch it for, and when to report it
    /// @param data goes with the key
    /// @return the key
    /// @throws ErrnoException if the kernel refuses it, as `EBADF` or, on epoll for a regular file,
    ///   `EPERM`
    /// @throws UnsupportedOperationException if the mechanism cannot do it
    public SelectorKey<T> register(Object fileobj, Interest interest, @Nullable T data)
            throws ErrnoException {
        return add(fileobj, interest.events(), interest.trigger(), data);
    }

    /// Changes a registration to other events, level-triggered, and its data to null.
    ///
    /// @param fileobj a registered file object
    /// @param events [#READ], [#WRITE] or both
    /// @return the key that holds from now on; the very same one if nothing changes
    /// @throws ErrnoException if the kernel refuses it; the key is then unregistered
    public SelectorKey<T> modify(Object fileobj, int events) throws ErrnoException {
        return modify(fileobj, events, null);
    }

    /// Changes a registration to other events, level-triggered, and other data. Costs a system call
    /// only if the events change.
    ///
    /// @param fileobj a registered file object
    /// @param events [#READ], [#WRITE] or both
    /// @param data goes with the key
    /// @return the key that holds from now on; the very same one if nothing changes
    /// @throws ErrnoException if the kernel refuses it; the key is then unregistered
    public SelectorKey<T> modify(Object fileobj, int events, @Nullable T data)
            throws ErrnoException {
        return change(fileobj, pair(events), Trigger.LEVEL, data);
    }

    /// Changes a registration. Costs a system call only if the interest changes, or is
    /// [Trigger#ONE_SHOT], which this arms again.
    ///
    /// @param fileobj a registered file object
    /// @param interest what to watch it for, and when to report it
    /// @param data goes with the key
    /// @return the key that holds from now on; the very same one if nothing changes
    /// @throws ErrnoException if the kernel refuses it; the key is then unregistered
    /// @throws UnsupportedOperationException if the mechanism cannot do it
    public SelectorKey<T> modify(Object fileobj, Interest interest, @Nullable T data)
            throws ErrnoException {
        return change(fileobj, interest.events(), interest.trigger(), data);
    }

    private static int pair(int events) {
        if (events == 0 || (events & ~(READ | WRITE)) != 0) {
            throw new IllegalArgumentException("not READ, WRITE or both: " + events);
        }
        return events;
    }

    private SelectorKey<T> add(Object fileobj, int events, Trigger trigger, @Nullable T data)
            throws ErrnoException {
        synchronized (registry) {
            turnstile.requireOpen();
            SelectorKey<T> key = registry.add(fileobj, events, trigger, data);
            renewWait();
            return key;
        }
    }

    private SelectorKey<T> change(Object fileobj, int events, Trigger trigger, @Nullable T data)
            throws ErrnoException {
        synchronized (registry) {
            turnstile.requireOpen();
            SelectorKey<T> key = registry.change(fileobj, events, trigger, data);
            renewWait();
            return key;
        }
    }

    /// Unregisters a file object, which may be closed by now. What the kernel has to say to that is
    /// of no interest: the descriptor may be closed, or closed and reused.
    ///
    /// @param fileobj a registered file object
    /// @return the key it had
    public SelectorKey<T> unregister(Object fileobj) {
        synchronized (registry) {
            turnstile.requireOpen();
            SelectorKey<T> key = registry.remove(fileobj);
            renewWait();
            return key;
        }
    }

    /// Where the mechanism cannot change a wait that is running, ends it, so that the waiter begins
    /// another.
    private void renewWait() {
        if (poller.changesNeedWake() && turnstile.isTakenByAnother() && gate.raise()) {
            signal();
        }
    }

    private void signal() {
        int result = poller.wake();
        if (result < 0) {
            throw new IllegalStateException(
                    "cannot wake %s: %s".formatted(poller.name(), Errno.name(-result)));
        }
    }

    /// Waits until something is ready, [#wakeup] is called or the selector is closed.
    ///
    /// @return what is ready; empty after a wakeup
    /// @throws ErrnoException if the wait fails
    public List<Ready<T>> select() throws ErrnoException {
        return select(null);
    }

    /// Waits until something is ready, the time is over, [#wakeup] is called or the selector is
    /// closed. Signals do not end the wait.
    ///
    /// @param timeout at least this long unless something happens; zero or negative asks without
    ///   waiting, null has no end
    /// @return what is ready; a key appears more than once only with different events
    /// @throws ErrnoException if the wait fails
    /// @throws ArithmeticException if the timeout is longer than 292 years
    public List<Ready<T>> select(@Nullable Duration timeout) throws ErrnoException {
        return collect(timeout, false);
    }

    /// Waits as [#select(Duration)], but a signal ends the wait with an empty list, as the kernel
    /// says it.
    ///
    /// @param timeout at least this long unless something happens; zero or negative asks without
    ///   waiting, null has no end
    /// @return what is ready
    /// @throws ErrnoException if the wait fails
    /// @throws ArithmeticException if the timeout is longer than 292 years
    public List<Ready<T>> selectInterruptibly(@Nullable Duration timeout) throws ErrnoException {
        return collect(timeout, true);
    }

    private List<Ready<T>> collect(@Nullable Duration timeout, boolean untilSignal)
            throws ErrnoException {
        var ready = new ArrayList<Ready<T>>();
        long timeoutNanos = nanos(timeout);
        turnstile.enter();
        try {
            int _ =
                    loop.run(
                            timeoutNanos,
                            (key, events) -> ready.add(new Ready<>(key, events)),
                            untilSignal);
        } finally {
            leave();
        }
        return ready;
    }

    private static long nanos(@Nullable Duration timeout) {
        if (timeout == null) {
            return -1;
        }
        return timeout.isPositive() ? timeout.toNanos() : 0;
    }

    /// Waits as [#select(Duration)] and hands out what is ready, without allocating anything.
    ///
    /// @param timeoutNanos at least so many nanoseconds unless something happens; 0 asks without
    ///   waiting, a negative number has no end
    /// @param consumer takes what is ready, in the calling thread
    /// @return how many times the consumer was called
    /// @throws ErrnoException if the wait fails
    public int select(long timeoutNanos, ReadyConsumer<T> consumer) throws ErrnoException {
        turnstile.enter();
        try {
            return loop.run(timeoutNanos, consumer, false);
        } finally {
            leave();
        }
    }

    private void leave() {
        if (turnstile.leave()) {
            release();
        }
    }

    /// {@return the registrations by descriptor: one live, read-only view per selector, which takes
    /// file objects as well as numbers for lookups and is empty after [#close]}
    public Map<Integer, SelectorKey<T>> keys() {
        return keys;
    }

    /// {@return the key of a registered file object}
    ///
    /// @param fileobj the file object
    public SelectorKey<T> key(Object fileobj) {
        turnstile.requireOpen();
        return registry.find(fileobj).key();
    }

    /// Ends the running wait, or else the next one; from any thread. Several wakeups before the
    /// waiter has taken note are one, and only the first costs a system call. Does nothing on a
    /// closed selector.
    public void wakeup() {
        if (gate.request()) {
            synchronized (registry) {
                if (!released) {
                    signal();
                }
            }
        }
    }

    /// Sets who is told of a descriptor that is ready again and again while nobody consumes it,
    /// once for each registration. Needs a mechanism that watches descriptors; a busy connection is
    /// not reported. The wait goes on behind the call, unless it has closed the selector.
    ///
    /// @param listener is called in the waiting thread, before a wait; null for nobody
    public void onSpin(@Nullable Consumer<? super Spin<T>> listener) {
        spins.listen(listener);
    }

    /// {@return what this selector has done so far}
    public SelectorStatistics statistics() {
        synchronized (registry) {
            return loop.statistics();
        }
    }

    /// {@return the name of the mechanism: `epoll`}
    public String name() {
        return poller.name();
    }

    /// {@return the mechanism's own descriptor, which is itself readable when something is ready;
    /// only epoll, kqueue and devpoll have one}
    public OptionalInt fd() {
        int fd = turnstile.isOpen() ? poller.fd() : -1;
        return fd < 0 ? OptionalInt.empty() : OptionalInt.of(fd);
    }

    /// {@return whether [#close] has not been called}
    public boolean isOpen() {
        return turnstile.isOpen();
    }

    /// Unregisters everything and gives back the selector's own descriptors. From any thread: a
    /// running wait ends with nothing, and the waiter gives them back as it leaves. Does nothing if
    /// already closed.
    @Override
    public void close() {
        synchronized (registry) {
            if (!turnstile.isOpen()) {
                return;
            }
            boolean nobodyInside = turnstile.close();
            table.clear();
            if (nobodyInside) {
                release();
            } else if (turnstile.isTakenByAnother() && gate.raise()) {
                signal();
            }
        }
    }

    private void release() {
        synchronized (registry) {
            table.clear();
            released = true;
            spins.close();
            poller.close();
        }
    }
}
