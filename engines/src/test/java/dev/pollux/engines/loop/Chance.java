package dev.pollux.engines.loop;

import java.util.SplittableRandom;

/// All that is decided by lot in one simulation, out of its seed.
///
/// Each run draws a subset of the [Fault]s and a rate for each of them: where everything fails now
/// and then, most runs would end before anything rare has come about.
public final class Chance {
    private static final double[] RATES = {0.003, 0.02, 0.1};

    private final SplittableRandom lots;
    private final double[] rates = new double[Fault.values().length];

    Chance(long seed) {
        this.lots = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
        for (int i = 0; i < rates.length; i++) {
            rates[i] = lots.nextInt(3) == 0 ? RATES[lots.nextInt(RATES.length)] : 0;
        }
    }

    /// {@return whether a fault happens now}
    public boolean strikes(Fault fault) {
        double rate = rates[fault.ordinal()];
        return rate > 0 && lots.nextDouble() < rate;
    }

    /// {@return whether something happens that does once in so many times}
    public boolean oneIn(int times) {
        return lots.nextInt(times) == 0;
    }

    /// {@return a number from 0 to below another}
    public int below(int bound) {
        return lots.nextInt(bound);
    }

    /// {@return a number between two, both included}
    public int between(int least, int most) {
        return least + lots.nextInt(most - least + 1);
    }

    /// {@return a size up to another one: mostly small, now and then all of it}
    int size(int most) {
        return switch (lots.nextInt(4)) {
            case 0 -> most;
            case 1 -> 1 + lots.nextInt(most);
            default -> 1 + lots.nextInt(1 + most / 16);
        };
    }

    /// {@return one of some}
    @SafeVarargs
    public final <T> T oneOf(T... some) {
        return some[lots.nextInt(some.length)];
    }
}
