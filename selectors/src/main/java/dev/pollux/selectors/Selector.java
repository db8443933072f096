package dev.pollux.selectors;

import dev.pollux.descriptors.Descriptor;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
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
/// How to `register`, `modify` and `unregister`, and the errors there are: see [InterestSet].
///
/// **Threads.** One thread waits at a time, a second one gets an [IllegalStateException], and
/// nothing but a wait waits for the kernel. Any thread may register, modify, unregister, look up,
/// wake and close meanwhile; changes take effect in the wait that is running. A virtual thread
/// would keep its carrier while it waits in the kernel, and a few would stop all others: it may
/// only ask without waiting, else it gets an [IllegalStateException] ([Mechanism#NIO] takes it).
///
/// **Interrupts.** A wait does not look at [Thread#interrupt], and leaves the thread's status as it
/// is. For tasks that an executor must be able to cancel there is [#selectInterruptibly], which
/// costs more; whoever knows the selector ends a wait with [#wakeup] or [#close].
///
/// **Times.** Zero and less asks without waiting, in every form; [#FOREVER], a [Duration] that long
/// (292 years) or longer, and null have no end.
///
/// **The name** is that of CPython's class and of [java.nio.channels.Selector], as what they do is
/// the same. A file that needs both imports one and writes out the other.
///
/// Not promised: the order of events, and fairness between descriptors.
///
/// @param <T> the type of the data that goes with each key
public final class Selector<T> implements InterestSet<T>, AutoCloseable {
    /// A time without end, in nanoseconds.
    public static final long FOREVER = Long.MAX_VALUE;

    private final Poller poller;
    private final KeyTable<T> table = new KeyTable<>();
    private final WakeGate gate = new WakeGate();
    private final Turnstile turnstile = new Turnstile();
    private final SpinDetector<T> spins;
    private final WaitLoop<T> loop;
    private final Registry<T> registry;
    private final Map<Integer, SelectorKey<T>> keys;

    /// Its monitor guards every change and the end, and is never held while waiting or in a
    /// consumer.
    private final Ownership ownership;

    private final Cleaner.Cleanable forgotten;

    private Selector(Poller poller) {
        this.poller = poller;
        this.spins = new SpinDetector<>(poller.watchesDescriptors());
        this.loop = new WaitLoop<>(poller, table, gate, turnstile, spins);
        this.registry = new Registry<>(poller, table);
        this.keys = new KeyMap<>(table, registry::lookUp);
        this.ownership = new Ownership(poller);
        this.forgotten = ownership.of(this);
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

    /// {@return a new selector over any poller, which it owns from now on, even if this fails}
    ///
    /// @param <T> the type of the data
    /// @param poller the mechanism, or what stands for it in a test
    public static <T> Selector<T> over(Poller poller) {
        try {
            return new Selector<>(poller);
        } catch (Throwable t) {
            poller.close();
            throw t;
        }
    }

    @Override
    public SelectorKey<T> register(int fd, Interest interest, @Nullable T data)
            throws ErrnoException {
        return add(fd, interest, data);
    }

    @Override
    public SelectorKey<T> register(Descriptor object, Interest interest, @Nullable T data)
            throws ErrnoException {
        return add(object, interest, data);
    }

    @Override
    public SelectorKey<T> register(FileDescriptor stream, Interest interest, @Nullable T data)
            throws ErrnoException {
        return add(stream, interest, data);
    }

    @Override
    public SelectorKey<T> register(SelectableChannel channel, Interest interest, @Nullable T data)
            throws ErrnoException {
        return add(channel, interest, data);
    }

    @Override
    public SelectorKey<T> register(Process process, Interest interest, @Nullable T data)
            throws ErrnoException {
        synchronized (ownership) {
            turnstile.requireOpen();
            SelectorKey<T> key = registry.add(process, interest, data);
            renewWait();
            return key;
        }
    }

    private SelectorKey<T> add(Object fileobj, Interest interest, @Nullable T data)
            throws ErrnoException {
        int fd = registry.numberOf(fileobj);
        synchronized (ownership) {
            turnstile.requireOpen();
            SelectorKey<T> key = registry.add(fileobj, fd, interest, data);
            renewWait();
            return key;
        }
    }

    @Override
    public SelectorKey<T> modify(int fd, Interest interest, @Nullable T data)
            throws ErrnoException {
        synchronized (ownership) {
            turnstile.requireOpen();
            SelectorKey<T> key = registry.change(fd, interest, data);
            renewWait();
            return key;
        }
    }

    @Override
    public SelectorKey<T> modify(Object fileobj, Interest interest, @Nullable T data)
            throws ErrnoException {
        return modify(number(fileobj), interest, data);
    }

    @Override
    public SelectorKey<T> modifyEvents(int fd, int events) throws ErrnoException {
        synchronized (ownership) {
            turnstile.requireOpen();
            SelectorKey<T> key = registry.changeEvents(fd, events);
            renewWait();
            return key;
        }
    }

    @Override
    public SelectorKey<T> modifyEvents(Object fileobj, int events) throws ErrnoException {
        return modifyEvents(number(fileobj), events);
    }

    @Override
    public SelectorKey<T> unregister(int fd) {
        synchronized (ownership) {
            turnstile.requireOpen();
            SelectorKey<T> key = registry.remove(fd);
            renewWait();
            return key;
        }
    }

    @Override
    public SelectorKey<T> unregister(Object fileobj) {
        return unregister(number(fileobj));
    }

    @Override
    public SelectorKey<T> key(int fd) {
        turnstile.requireOpen();
        return registry.find(fd).key();
    }

    @Override
    public SelectorKey<T> key(Object fileobj) {
        return key(number(fileobj));
    }

    @Override
    public Map<Integer, SelectorKey<T>> keys() {
        return keys;
    }

    private int number(Object fileobj) {
        turnstile.requireOpen();
        return registry.lookUp(fileobj);
    }

    /// Ends a wait that sees no changes, so that the waiter begins another.
    private void renewWait() {
        if (poller.changesNeedWake() && turnstile.isTakenByAnother() && gate.raise()) {
            signal();
        }
    }

    private void signal() {
        boolean sent = false;
        try {
            int result = poller.wake();
            sent = result >= 0;
            if (!sent) {
                throw new IllegalStateException(
                        "cannot wake %s: %s".formatted(poller.name(), Errno.name(-result)));
            }
        } finally {
            if (!sent) {
                gate.retract();
            }
        }
    }

    /// Waits until something is ready, [#wakeup] is called or the selector is closed.
    ///
    /// @return what is ready; empty after a wakeup
    /// @throws ErrnoException if the wait fails
    public List<Ready<T>> select() throws ErrnoException {
        return collect(null, false, null);
    }

    /// Waits until something is ready, the time is over, [#wakeup] is called or the selector is
    /// closed. Neither signals nor interrupts end the wait.
    ///
    /// @param timeout at least this long unless something happens; zero or negative asks without
    ///   waiting, null has no end
    /// @return what is ready; a key appears more than once only with different events
    /// @throws ErrnoException if the wait fails
    public List<Ready<T>> select(@Nullable Duration timeout) throws ErrnoException {
        return collect(timeout, false, null);
    }

    /// Waits as [#select(Duration)], but a signal of the system ends the wait with an empty list,
    /// as the kernel says it. On [Mechanism#NIO] it does not: the JDK keeps signals to itself.
    ///
    /// @param timeout at least this long unless something happens; zero or negative asks without
    ///   waiting, null has no end
    /// @return what is ready
    /// @throws ErrnoException if the wait fails
    public List<Ready<T>> selectUntilSignal(@Nullable Duration timeout) throws ErrnoException {
        return collect(timeout, true, null);
    }

    /// Waits as [#select(Duration)], but heeds [Thread#interrupt], as a task must that
    /// `ExecutorService.shutdownNow` is to end. What is ready comes first: then the thread's status
    /// stays, and the next wait throws.
    ///
    /// @param timeout at least this long unless something happens; zero or negative asks without
    ///   waiting, null has no end
    /// @return what is ready
    /// @throws InterruptedException if the thread is interrupted, before the wait or during it; its
    ///   status is cleared
    /// @throws ErrnoException if the wait fails
    public List<Ready<T>> selectInterruptibly(@Nullable Duration timeout)
            throws ErrnoException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("before the wait");
        }
        List<Ready<T>> ready = collect(timeout, false, new Interruption(this::wakeup));
        if (ready.isEmpty() && Thread.interrupted()) {
            throw new InterruptedException("during the wait");
        }
        return ready;
    }

    private List<Ready<T>> collect(
            @Nullable Duration timeout, boolean untilSignal, @Nullable Interruption interruption)
            throws ErrnoException {
        turnstile.enter();
        try {
            return loop.collect(WaitLoop.nanos(timeout), untilSignal, interruption);
        } finally {
            leave();
        }
    }

    /// Waits as [#select(Duration)] and hands out what is ready one by one.
    ///
    /// @param timeout at least this long unless something happens; zero or negative asks without
    ///   waiting, null has no end
    /// @param consumer takes what is ready, in the calling thread
    /// @return how many times the consumer was called
    /// @throws ErrnoException if the wait fails
    public int select(@Nullable Duration timeout, ReadyConsumer<T> consumer) throws ErrnoException {
        return select(WaitLoop.nanos(timeout), consumer);
    }

    /// Waits as [#select(Duration)] and hands out what is ready, without allocating anything.
    ///
    /// @param timeoutNanos at least so many nanoseconds unless something happens; 0 or negative
    ///   asks without waiting, [#FOREVER] has no end
    /// @param consumer takes what is ready, in the calling thread
    /// @return how many times the consumer was called
    /// @throws ErrnoException if the wait fails
    public int select(long timeoutNanos, ReadyConsumer<T> consumer) throws ErrnoException {
        turnstile.enter();
        try {
            return loop.run(timeoutNanos, consumer, false, null);
        } finally {
            leave();
        }
    }

    private void leave() {
        if (turnstile.leave()) {
            release();
        }
    }

    /// Ends the running wait, or else the next one; from any thread. Several wakeups before the
    /// waiter has taken note are one, and only the first costs a system call. Does nothing on a
    /// closed selector.
    ///
    /// @throws IllegalStateException if somebody else has closed the selector's own descriptors
    public void wakeup() {
        if (gate.request()) {
            synchronized (ownership) {
                if (!ownership.hasEnded()) {
                    signal();
                }
            }
        }
    }

    /// Sets who is told of a descriptor that is ready again and again while nobody consumes it,
    /// once for each registration. Needs a mechanism that watches descriptors; a busy connection is
    /// not reported, but for one that is only written to, and that by other means than
    /// [dev.pollux.libc], as `System.out` is: nobody can see from outside that it takes something.
    ///
    /// @param listener is called in the waiting thread, before a wait, which goes on afterwards
    ///   unless the selector was closed; null for nobody
    public void onSpin(@Nullable Consumer<? super Spin<T>> listener) {
        spins.listen(listener);
    }

    /// {@return what this selector has done so far}
    public SelectorStatistics statistics() {
        synchronized (ownership) {
            return loop.statistics();
        }
    }

    /// {@return the name of the mechanism: `epoll`}
    public String name() {
        return poller.name();
    }

    /// {@return the mechanism's own descriptor, which is itself readable when something is ready;
    /// only epoll, kqueue and devpoll have one. It lives no longer than the selector}
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
    /// already closed, but for what it had no memory the first time. One that is forgotten instead
    /// is closed some time later, with a warning in the system log.
    ///
    /// @throws IllegalStateException if somebody else has closed the selector's own descriptors
    @Override
    public void close() {
        synchronized (ownership) {
            boolean nobodyInside = turnstile.close();
            forget();
            if (nobodyInside) {
                release();
            } else if (turnstile.isTakenByAnother() && gate.raise()) {
                signal();
            }
        }
    }

    private void forget() {
        table.clear();
        registry.forgetProcesses();
    }

    private void release() {
        synchronized (ownership) {
            forget();
            ownership.end();
        }
        forgotten.clean();
    }
}
