package dev.pollux.engines.loop;

/// The last steps of a simulation, kept as they are and put in words only when they are asked for.
final class Trace {
    private static final int KEPT = 64;

    private final String[] who = new String[KEPT];
    private final String[] what = new String[KEPT];
    private final long[] number = new long[KEPT];
    private final long[] when = new long[KEPT];
    private int count;
    private int fingerprint;

    /// Notes a step.
    ///
    /// @param actor who
    /// @param act what
    /// @param result what came of it
    /// @param nanos when
    void note(String actor, String act, long result, long nanos) {
        int place = count++ % KEPT;
        who[place] = actor;
        what[place] = act;
        number[place] = result;
        when[place] = nanos;
        fingerprint = 31 * fingerprint + actor.hashCode() + act.hashCode() + (int) (result + nanos);
    }

    /// {@return a number that is the same for the same steps}
    int fingerprint() {
        return fingerprint;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = Math.max(0, count - KEPT); i < count; i++) {
            int place = i % KEPT;
            text.append(
                    "%n%,17d us  %-16s %s %d"
                            .formatted(when[place] / 1000, who[place], what[place], number[place]));
        }
        return text.toString();
    }
}
