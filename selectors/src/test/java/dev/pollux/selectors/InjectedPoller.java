package dev.pollux.selectors;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/// A real poller, until a test puts something else in the place of a call.
final class InjectedPoller implements Poller {
    private final Poller real;

    /// What the next waits do instead of waiting, in order.
    final Deque<IntSupplier> waits = new ArrayDeque<>();

    /// What an add, a modify and a remove do instead; null for the real thing.
    IntSupplier onAdd;

    IntSupplier onModify;
    IntSupplier onRemove;

    /// What stands for the waker's number; null for the real thing.
    IntSupplier onWakeFd;

    /// What a wakeup does instead; null for the real thing.
    IntSupplier onWake;

    /// What happens just before a wakeup is taken note of.
    Runnable onDrain = () -> {};

    /// What happens just before the kinds of an event are told.
    IntConsumer onReady = _ -> {};

    /// Whether a wait that could sleep is a failure of the test.
    boolean sleepless;

    int adds;
    int modifies;
    int removes;
    int wakes;

    InjectedPoller(Poller real) {
        this.real = real;
    }

    private static int either(IntSupplier injected, IntSupplier real) {
        return injected == null ? real.getAsInt() : injected.getAsInt();
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public int add(int fd, int events, Trigger trigger, int generation) {
        adds++;
        return either(onAdd, () -> real.add(fd, events, trigger, generation));
    }

    @Override
    public int modify(int fd, int events, Trigger trigger, int generation) {
        modifies++;
        return either(onModify, () -> real.modify(fd, events, trigger, generation));
    }

    @Override
    public int remove(int fd) {
        removes++;
        return either(onRemove, () -> real.remove(fd));
    }

    @Override
    public int await(long timeoutNanos) {
        if (sleepless && timeoutNanos != 0) {
            throw new AssertionError("it would sleep, for " + timeoutNanos);
        }
        IntSupplier injected = waits.poll();
        return injected == null ? real.await(timeoutNanos) : injected.getAsInt();
    }

    /// For a wait that does something before.
    int awaitReally(long timeoutNanos) {
        return real.await(timeoutNanos);
    }

    @Override
    public int readyFd(int index) {
        return real.readyFd(index);
    }

    @Override
    public int readyEvents(int index) {
        onReady.accept(index);
        return real.readyEvents(index);
    }

    @Override
    public int readyGeneration(int index) {
        return real.readyGeneration(index);
    }

    @Override
    public int wakeFd() {
        return either(onWakeFd, real::wakeFd);
    }

    @Override
    public int wake() {
        wakes++;
        return either(onWake, real::wake);
    }

    @Override
    public void drainWake() {
        onDrain.run();
        real.drainWake();
    }

    @Override
    public Optional<String> whyNot(int events, Trigger trigger) {
        return real.whyNot(events, trigger);
    }

    @Override
    public boolean changesNeedWake() {
        return real.changesNeedWake();
    }

    @Override
    public boolean watchesDescriptors() {
        return real.watchesDescriptors();
    }

    @Override
    public int fdOf(Object fileobj) {
        return real.fdOf(fileobj);
    }

    @Override
    public boolean holdsCarrier() {
        return real.holdsCarrier();
    }

    @Override
    public int claim(Object fileobj, int fd) {
        return real.claim(fileobj, fd);
    }

    @Override
    public int fd() {
        return real.fd();
    }

    @Override
    public Map<String, Long> systemCalls() {
        return real.systemCalls();
    }

    @Override
    public void close() {
        real.close();
    }
}
