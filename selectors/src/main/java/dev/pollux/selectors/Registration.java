package dev.pollux.selectors;

/// What the table holds for a descriptor. Replaced as a whole, never changed, so that a waiting
/// thread sees one registration or another but no mixture.
///
/// @param key what the caller sees
/// @param generation tells this life of the descriptor number from the earlier ones; above 0
/// @param trigger when events are reported
record Registration<T>(SelectorKey<T> key, int generation, Trigger trigger) {
    private static final int PAIR = Selector.READ | Selector.WRITE;
    private static final int ALWAYS_REPORTED = Selector.HANGUP | Selector.ERROR;

    /// Turns what the kernel says into what the key asked for.
    ///
    /// Kinds beside the pair that were not asked for count as both of the pair: a hangup must wake
    /// whoever reads and whoever writes, since each learns the cause from its own call.
    ///
    /// @param raw event kinds as the mechanism reports them
    /// @return some of the key's events; `HANGUP` and `ERROR` as they are where the key has no
    ///   place for them
    int fold(int raw) {
        int asked = key.events();
        int events = raw & asked;
        int unasked = raw & ~asked & ~PAIR;
        if (unasked != 0) {
            events |= asked & PAIR;
            if (events == 0) {
                events = unasked & ALWAYS_REPORTED;
            }
        }
        return events;
    }
}
