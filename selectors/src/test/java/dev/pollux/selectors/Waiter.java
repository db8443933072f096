package dev.pollux.selectors;

import dev.pollux.libc.ErrnoException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;

/// The thread of a [Simulation] that waits: it takes what is reported, holds it against what is
/// expected, and does by lot what a consumer may.
final class Waiter {
    /// Thrown by a consumer, now and then.
    private static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final Simulation simulation;
    private final Chance chance;
    private final Baton baton;
    private final SelectorUser user;
    private int roundsLeft;

    Waiter(Simulation simulation) {
        this.simulation = simulation;
        this.chance = simulation.chance;
        this.baton = simulation.baton;
        this.user = new SelectorUser(simulation);
        this.roundsLeft = chance.between(10, 120);
    }

    void run() {
        if (simulation.poller instanceof SigioPoller sigio) {
            begin(sigio);
        }
        while (!simulation.over && roundsLeft-- > 0) {
            while (chance.oneIn(3)) {
                user.act();
            }
            select();
            if (!simulation.selector.isOpen()) {
                return;
            }
        }
        if (simulation.belongsToOneThread() || chance.oneIn(2)) {
            simulation.kernel.mayRefuse = false;
            user.closeSelector();
        }
    }

    private void begin(SigioPoller poller) {
        try {
            simulation.kernel.mayRefuse = false;
            poller.begin();
            simulation.kernel.mayRefuse = true;
        } catch (ErrnoException e) {
            throw new AssertionError(e);
        }
    }

    private void select() {
        baton.pass(true);
        simulation.kernel.interrupted = false;
        simulation.kernel.calm();
        long timeout = chance.oneOf(0L, 1L, 50_000L, 5_000_000L, Selector.FOREVER);
        try {
            if (chance.oneIn(2)) {
                handOut(timeout);
            } else {
                collect(timeout, chance.oneIn(3));
            }
        } catch (Thrown | ErrnoException | OutOfMemoryError _) {
            baton.settle();
        } catch (ClosedSelectorException _) {
            baton.settle();
            simulation.check(simulation.closing, "closed by nobody");
        }
    }

    private void handOut(long timeout) throws ErrnoException {
        long begin = baton.nanoTime();
        ended(timeout, begin, simulation.selector.select(timeout, this::take));
    }

    private void collect(long timeout, boolean untilSignal) throws ErrnoException {
        long begin = baton.nanoTime();
        Duration duration = timeout == Selector.FOREVER ? null : Duration.ofNanos(timeout);
        var ready =
                untilSignal
                        ? simulation.selector.selectUntilSignal(duration)
                        : simulation.selector.select(duration);
        boolean signal = untilSignal && simulation.kernel.interrupted;
        ended(signal ? 0 : timeout, begin, ready.size());
        int wait = simulation.kernel.firstWait();
        ready.forEach(one -> note(one.key(), one.events(), wait));
        ready.forEach(one -> consume(one.key(), one.events()));
    }

    /// A wait has come back.
    private void ended(long timeout, long begin, int delivered) {
        baton.settle();
        simulation.trace.note("waiter", "select", timeout, delivered, baton.nanoTime());
        boolean late = timeout != Selector.FOREVER && baton.nanoTime() - begin >= timeout;
        simulation.check(
                delivered > 0 || simulation.wakeup || simulation.closing || late,
                "a wait ends for nothing");
        simulation.wakeup = false;
    }

    private void take(SelectorKey<Integer> key, int mask) {
        baton.settle();
        note(key, mask, Integer.MAX_VALUE);
        consume(key, mask);
        if (chance.strikes(Chance.Fault.THROWING_CONSUMER)) {
            simulation.trace.note("waiter", "throw", key.fd(), 0, baton.nanoTime());
            throw new Thrown();
        }
    }

    /// @param wait before which it may not have gone
    private void note(SelectorKey<Integer> key, int mask, int wait) {
        simulation.kernel.calm();
        simulation.trace.note("waiter", "ready", key.fd(), mask, baton.nanoTime());
        Expected expected = simulation.all.get(key.data());
        expected.reported(simulation.kernel.firstWait());
        simulation.check(
                !expected.isGoneBefore(wait) || simulation.closing,
                "told of one that is not registered: fd " + key.fd());
        int allowed = key.events() | Selector.HANGUP | Selector.ERROR;
        simulation.check(mask != 0 && (mask & ~allowed) == 0, "told what nobody asked for");
        if (!simulation.belongsToOneThread()) {
            int last = simulation.kernel.lastWait();
            simulation.check(
                    !expected.isYoungerThan(last), "told of another's life: fd " + key.fd());
            simulation.check(expected.mayBe(mask), "told what is not so: fd " + key.fd());
            simulation.check(
                    !expected.isReportedTooOften(simulation.isKqueue() ? 3 : 1),
                    "told too often: fd " + key.fd());
        }
    }

    private void consume(SelectorKey<Integer> key, int mask) {
        Expected expected = simulation.all.get(key.data());
        if (chance.below(5) < 3) {
            int bits = (mask & Selector.WRITE) == 0 ? 0 : SimulatedFile.OUT;
            expected.file.clear(bits | SimulatedFile.IN | SimulatedFile.PRI);
            simulation.trace.note("waiter", "take", key.fd(), bits, baton.nanoTime());
        }
        int ends = SimulatedFile.RDHUP | SimulatedFile.HUP | SimulatedFile.ERR;
        boolean over = expected.orphaned || (expected.file.bits() & ends) != 0;
        if (over ? chance.oneIn(2) : chance.oneIn(4)) {
            user.act();
        }
    }
}
