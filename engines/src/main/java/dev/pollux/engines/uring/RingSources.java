package dev.pollux.engines.uring;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The sources that completions are told to.
///
/// A request is marked with a number of 64 bits that comes back with its completions: from below,
/// 32 bits for the place of its source in this table, 24 for the generation of that place, so that
/// a completion for a source that is gone finds none, and 8 for the operation. 0 marks a request
/// whose completion is of no interest.
///
/// Belongs to the loop's thread.
final class RingSources {
    private static final int GENERATION_SHIFT = 32;
    private static final int OPERATION_SHIFT = 56;
    private static final int GENERATION_MASK = 0xFF_FFFF;

    private @Nullable RingSource[] sources = new @Nullable RingSource[64];

    /// The generation of each place; of a free one, that of its last source.
    private int[] generations = new int[64];

    /// Behind each free place the next one.
    private int[] nextFree = new int[64];

    /// The first free place, -1 for none.
    private int free = -1;

    /// Places up to here have been used.
    private int used;

    private int size;

    /// Takes a source in.
    ///
    /// @return its identity, for [#mark] and [#remove]
    long add(RingSource source) {
        int place = free;
        if (place >= 0) {
            free = nextFree[place];
        } else {
            ensurePlace(used);
            place = used++;
        }
        sources[place] = source;
        // From 1 on, so that no mark is 0.
        generations[place] = Math.max((generations[place] + 1) & GENERATION_MASK, 1);
        size++;
        return (long) generations[place] << GENERATION_SHIFT | place;
    }

    /// All grow, or none for want of memory.
    private void ensurePlace(int place) {
        if (place == sources.length) {
            int more = 2 * place;
            int[] moreGenerations = Arrays.copyOf(generations, more);
            int[] moreFree = Arrays.copyOf(nextFree, more);
            sources = Arrays.copyOf(sources, more);
            generations = moreGenerations;
            nextFree = moreFree;
        }
    }

    /// Forgets a source.
    void remove(long identity) {
        int place = (int) identity;
        sources[place] = null;
        nextFree[place] = free;
        free = place;
        size--;
    }

    /// {@return how many there are}
    int size() {
        return size;
    }

    /// Tells every source that the loop ends.
    void endAll() {
        tellAll(RingSource::end);
    }

    /// Tells every source that the ring has failed.
    void loseAll() {
        tellAll(RingSource::lost);
    }

    private void tellAll(Consumer<RingSource> message) {
        for (int i = 0; i < used; i++) {
            RingSource source = sources[i];
            if (source != null) {
                message.accept(source);
            }
        }
    }

    /// {@return what marks a request}
    ///
    /// @param identity its source
    /// @param operation what it is for, 1 to 255
    static long mark(long identity, int operation) {
        return identity | (long) operation << OPERATION_SHIFT;
    }

    /// {@return the operation of a mark}
    static int operation(long mark) {
        return (int) (mark >>> OPERATION_SHIFT);
    }

    /// {@return the source of a mark, null when it is gone}
    @Nullable RingSource find(long mark) {
        int place = (int) mark;
        int generation = (int) (mark >>> GENERATION_SHIFT) & GENERATION_MASK;
        return generations[place] == generation ? sources[place] : null;
    }
}
