package dev.pollux.engines.shared;

import java.util.List;

/// The steps by which something ends and gives back what it holds: each is taken, whatever has
/// become of those before it. Made beforehand, since an end may come for want of memory; then a
/// step that has failed is taken once more when all others have given back what they held.
///
/// @param steps in their order, at most 64
public record Ending<T>(List<Step<T>> steps) {
    /// One step.
    @FunctionalInterface
    public interface Step<T> {
        /// Takes it.
        ///
        /// @throws Exception whatever comes of it
        void take(T subject) throws Exception;
    }

    /// Takes the steps.
    ///
    /// @param subject what ends
    /// @param troubles is told of the steps that fail
    public void run(T subject, Troubles troubles) {
        long failed = 0;
        for (int i = 0; i < steps.size(); i++) {
            try {
                steps.get(i).take(subject);
            } catch (Throwable _) {
                failed |= 1L << i;
            }
        }
        for (long left = failed; left != 0; left &= left - 1) {
            takeAgain(steps.get(Long.numberOfTrailingZeros(left)), subject, troubles);
        }
    }

    private static <T> void takeAgain(Step<T> step, T subject, Troubles troubles) {
        try {
            step.take(subject);
        } catch (Throwable e) {
            troubles.tell("not everything could be given back", e);
        }
    }
}
