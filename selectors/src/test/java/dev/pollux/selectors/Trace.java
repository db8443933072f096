package dev.pollux.selectors;

/// The last steps of a simulation, kept as they are and put in words only when they are asked for.
final class Trace {
    private static final int KEPT = 64;

    private final String[] who = new String[KEPT];
    private final String[] what = new String[KEPT];
    private final long[] number = new long[KEPT];
    private final long[] result = new long[KEPT];
    private final long[] when = new long[KEPT];
    private int count;
    private int fingerprint;

    /// Notes a step.
    ///
    /// @param actor who
    /// @param act what
    /// @param to which descriptor or the like
    /// @param outcome what came of it
    /// @param nanos when
    void note(String actor, String act, long to, long outcome, long nanos) {
        int place = count++ % KEPT;
        who[place] = actor;
        what[place] = act;
        number[place] = to;
        result[place] = outcome;
        when[place] = nanos;
        fingerprint = 31 * fingerprint + actor.hashCode() + 7 * act.hashCode();
        fingerprint = 31 * fingerprint + (int) (to + 5 * outcome + nanos);
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
                    "%n%,13d us  %-10s %-16s %5d = %d"
                            .formatted(
                                    when[place] / 1000,
                                    who[place],
                                    what[place],
                                    number[place],
                                    result[place]));
        }
        return text.toString();
    }
}
