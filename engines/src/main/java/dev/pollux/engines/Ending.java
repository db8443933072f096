package dev.pollux.engines;

import java.util.List;

/// The steps by which something ends and gives back what it holds: each is taken, whatever has
/// become of those before it. Made beforehand, since an end may come for want of memory.
///
/// @param steps in their order; none of them holds anything that has to be allocated
record Ending<T>(List<Step<T>> steps) {
    /// One step.
    @FunctionalInterface
    interface Step<T> {
        /// Takes it.
        ///
        /// @throws Exception whatever comes of it
        void take(T subject) throws Exception;
    }

    /// Takes the steps.
    ///
    /// @param subject what ends
    /// @param troubles is told of the steps that fail
    void run(T subject, Troubles troubles) {
        for (int i = 0; i < steps.size(); i++) {
            try {
                steps.get(i).take(subject);
            } catch (Throwable e) {
                troubles.tell("not everything could be given back", e);
            }
        }
    }
}
