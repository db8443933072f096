package dev.pollux.engines.loop;

import java.io.IOException;

/// Which worlds are simulated: in every build some, always the same; or those that are asked for.
public final class SimulatedSeeds {
    /// Which seeds are run instead of those of every build, as `FROM..TO`.
    private static final String ASKED_FOR = "pollux.simulation.seeds";

    private static final double NANOS_PER_MINUTE = 60e9;

    private SimulatedSeeds() {}

    /// Runs worlds over a kernel.
    ///
    /// @param count how many, unless others are asked for
    /// @param kernel what they stand on
    public static void run(long count, Simulation.Kernel kernel)
            throws IOException, InterruptedException {
        String range = System.getProperty(ASKED_FOR);
        if (range == null) {
            long _ = run(1, count, kernel);
            return;
        }
        int dots = range.indexOf("..");
        long from = Long.parseLong(range.substring(0, dots));
        long to = Long.parseLong(range.substring(dots + 2));
        long begin = System.nanoTime();
        long steps = run(from, to, kernel);
        long nanos = Math.max(1, System.nanoTime() - begin);
        long rate = (long) (steps * NANOS_PER_MINUTE / nanos);
        System.out.println(steps + " steps, " + rate + " per minute");
    }

    private static long run(long from, long to, Simulation.Kernel kernel)
            throws IOException, InterruptedException {
        long steps = 0;
        for (long seed = from; seed <= to; seed++) {
            steps += Simulation.run(seed, kernel).steps();
        }
        return steps;
    }
}
