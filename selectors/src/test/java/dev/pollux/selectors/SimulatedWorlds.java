package dev.pollux.selectors;

/// Runs simulations, in a JVM whose kernel is a simulated one ([Substitution]).
final class SimulatedWorlds {
    private static final double NANOS_PER_MINUTE = 60e9;

    private SimulatedWorlds() {}

    /// Runs seeds.
    ///
    /// @param arguments from which to which, and how many of these twice
    public static void main(String[] arguments) {
        long from = Long.parseLong(arguments[0]);
        long to = Long.parseLong(arguments[1]);
        long twice = Long.parseLong(arguments[2]);
        long begin = System.nanoTime();
        long steps = 0;
        for (long seed = from; seed <= to; seed++) {
            Simulation.Outcome outcome = Simulation.run(seed);
            steps += outcome.steps();
            if (seed < from + twice && !Simulation.run(seed).equals(outcome)) {
                throw new AssertionError("seed " + seed + " is another world each time");
            }
        }
        long nanos = System.nanoTime() - begin;
        System.out.printf(
                "%d steps, %d per minute%n", steps, (long) (steps * NANOS_PER_MINUTE / nanos));
    }
}
