package dev.pollux.selectors;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds a descriptor that is ready again and again while nobody consumes what it is ready for.
///
/// A sample, so that it costs next to nothing: one suspect at a time, dropped as soon as a wait
/// does not report it. One that is in a long streak of waits is then looked at closely for a while
/// ([Consumption]), and is reported if every look finds the same; else it was merely busy, and the
/// next streak must be longer. Used by the waiter, but for the listener.
final class SpinDetector<T> {
    /// So many waits in a row make a suspect worth a look.
    static final int STREAK_MIN = 1_000;

    /// The longest streak that is asked for.
    static final int STREAK_MAX = 1 << 18;

    /// So many looks must all find that nobody consumes.
    static final int LOOKS = 64;

    private static final int NOBODY = -1;

    private final boolean descriptors;
    private volatile @Nullable Consumer<? super Spin<T>> listener;
    private int suspect = NOBODY;

    /// Another descriptor of the current batch, to suspect next.
    private int candidate = NOBODY;

    /// Whether the suspect is in the current batch, and as what.
    private boolean present;

    private int events;
    private int generation;
    private @Nullable Registration<T> registration;

    /// In how many waits in a row the suspect was reported.
    private long streak;

    private int patience = STREAK_MIN;
    private int looks;
    private final Consumption consumption = new Consumption();

    /// By descriptor, the generation that was reported to the listener.
    private int[] told = new int[0];

    /// Makes a detector.
    ///
    /// @param descriptors whether the numbers are descriptors that the kernel can be asked about
    SpinDetector(boolean descriptors) {
        this.descriptors = descriptors;
    }

    /// Sets who is told, in the waiting thread; null for nobody.
    void listen(@Nullable Consumer<? super Spin<T>> told) {
        listener = told;
    }

    /// Takes note of an event, before it is handed out.
    ///
    /// @param fd the descriptor
    /// @param raw the kinds as the mechanism reports them
    /// @param life the generation that the event belongs to
    /// @param known the registration of the descriptor; null if it has none
    void seen(int fd, int raw, int life, @Nullable Registration<T> known) {
        if (fd != suspect) {
            candidate = fd;
            return;
        }
        present = true;
        if (descriptors && streak >= patience && listener != null) {
            look(raw, life, known);
        }
    }

    private void look(int raw, int life, @Nullable Registration<T> known) {
        if (looks == 0) {
            events = raw;
            generation = life;
        } else if (generation != life) {
            suspect(NOBODY); // It has been registered anew.
            return;
        }
        registration = known != null && known.generation() == life ? known : null;
        if (registration != null) {
            if (looks == 0) {
                consumption.begin(suspect, raw);
            }
            consumption.before();
        }
        looks++;
    }

    /// Takes note that the consumer of an event is back.
    void handedOut(int fd) {
        if (looks > 0 && fd == suspect) {
            consumption.between();
        }
    }

    /// Draws the conclusions from a batch that has been handed out.
    void beforeWait() {
        if (!present) {
            suspect(candidate);
        } else {
            streak++;
            if (looks > 0) {
                judge();
            }
        }
        present = false;
        candidate = NOBODY;
    }

    private void judge() {
        if (isTold()) {
            suspect(candidate);
        } else if (registration != null && !consumption.isNone()) {
            patience = Math.min(2 * patience, STREAK_MAX);
            suspect(candidate);
        } else if (looks == LOOKS) {
            tell();
        }
    }

    private void suspect(int fd) {
        suspect = fd;
        streak = 0;
        looks = 0;
        registration = null;
    }

    private boolean isTold() {
        return suspect < told.length && told[suspect] == generation;
    }

    private void tell() {
        if (suspect >= told.length) {
            told = Arrays.copyOf(told, suspect + 1);
        }
        told[suspect] = generation;
        SelectorKey<T> key = registration == null ? null : registration.key();
        var spin = new Spin<>(suspect, events, key, streak);
        suspect(candidate);
        Consumer<? super Spin<T>> listening = listener;
        if (listening != null) {
            listening.accept(spin);
        }
    }
}
