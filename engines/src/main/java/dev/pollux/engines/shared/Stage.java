package dev.pollux.engines.shared;

/// How far the life of a connection has gone, as flags: one vocabulary for all models.
///
/// Open; then, by either side, *closing* (nothing more is written, what is queued is flushed) and
/// *lingering* (the sending half is shut, and the peer's last bytes are thrown away until it ends
/// too, so that no reset destroys what it has not read yet); or *failing* (everything is dropped);
/// and at last *over*.
public final class Stage {
    /// Nothing more may be written; what is queued is sent.
    public static final int CLOSING = 1;

    /// The sending half is shut; input is thrown away until the peer ends.
    public static final int LINGERING = 1 << 1;

    /// Everything is dropped: to be ended by its own thread.
    public static final int FAILING = 1 << 2;

    /// Nothing happens any more.
    public static final int OVER = 1 << 3;

    /// The protocol has been told of the end: it hears nothing any more.
    public static final int TOLD = 1 << 4;

    private Stage() {}

    /// {@return whether it is open: it neither closes nor fails nor is over}
    public static boolean isOpen(int flags) {
        return (flags & (CLOSING | FAILING | OVER)) == 0;
    }
}
