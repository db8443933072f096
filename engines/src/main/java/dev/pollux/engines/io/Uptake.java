package dev.pollux.engines.io;

/// Whether a peer takes what was sent to it, found out by asking now and then how much it has not
/// taken yet ([Wire#untaken()]). That the kernel takes nothing more from us does not prove that the
/// peer takes nothing: of the megabytes that the kernel holds a third must leave before it reports
/// room, which lasts a minute where the peer reads 30 KiB a second.
public final class Uptake {
    /// How often the kernel is asked in the time after which a peer that takes nothing is cut off:
    /// so much later at most is that noticed.
    public static final int LOOKS = 4;

    private static final int UNKNOWN = -1;

    private int untaken = UNKNOWN;

    /// {@return whether the peer may have taken something since it was asked for the last time}
    ///
    /// @param now how much it has not taken; negative when that is not known
    public boolean isSeen(int now) {
        boolean seen = now >= 0 && (untaken == UNKNOWN || now < untaken);
        untaken = Math.max(now, UNKNOWN);
        return seen;
    }

    /// What was known is out of date.
    public void forget() {
        untaken = UNKNOWN;
    }
}
