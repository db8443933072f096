package dev.pollux.descriptors;

/// A descriptor that [Poll], [Epoll] or [Kqueue] has found ready.
///
/// @param fd its number
/// @param events for what, in the bits of whoever has found it
public record Polled(int fd, int events) {
    /// {@return whether it is ready for one of some things}
    ///
    /// @param bits one or more constants of whoever has found it
    public boolean is(int bits) {
        return (events & bits) != 0;
    }
}
