package dev.pollux.selectors;

import java.util.SplittableRandom;

/// All that is decided by lot in one simulation, out of its seed.
///
/// Each run draws a subset of the faults and a rate for each of them: where everything fails now
/// and then, most runs would end before anything rare has come about.
final class Chance {
    /// What a kernel or a user may do to a selector.
    enum Fault {
        /// A signal ends a wait.
        INTERRUPTED_WAIT,
        /// A wait fails for want of memory.
        FAILING_WAIT,
        /// A change of the interest set fails.
        FAILING_CHANGE,
        /// There is no descriptor left.
        NO_DESCRIPTOR,
        /// There is no memory to grow.
        NO_MEMORY,
        /// A wait tells some of what is ready, and the rest later.
        PARTIAL_REPORT,
        /// A consumer throws.
        THROWING_CONSUMER,
        /// A descriptor is closed without being unregistered.
        CLOSED_EARLY
    }

    private static final double[] RATES = {0.01, 0.05, 0.2};

    private final SplittableRandom lots;
    private final double[] rates = new double[Fault.values().length];

    Chance(long seed) {
        this.lots = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
        for (int i = 0; i < rates.length; i++) {
            rates[i] = lots.nextInt(3) == 0 ? RATES[lots.nextInt(RATES.length)] : 0;
        }
    }

    /// {@return whether a fault happens now}
    boolean strikes(Fault fault) {
        double rate = rates[fault.ordinal()];
        return rate > 0 && lots.nextDouble() < rate;
    }

    /// {@return whether something happens that does once in so many times}
    boolean oneIn(int times) {
        return lots.nextInt(times) == 0;
    }

    /// {@return a number from 0 to below another}
    int below(int bound) {
        return lots.nextInt(bound);
    }

    /// {@return a number between two, both included}
    int between(int least, int most) {
        return least + lots.nextInt(most - least + 1);
    }

    /// {@return one of some}
    @SafeVarargs
    final <T> T oneOf(T... some) {
        return some[lots.nextInt(some.length)];
    }
}
