package dev.pollux.selectors;

/// A descriptor that may turn out to be a regular file, such as standard input that a shell has
/// redirected.
///
/// `epoll(7)` refuses regular files with `EPERM`, and `kqueue(2)` calls them readable only before
/// their end, so that who waits never learns of it; `select(2)` and `poll(2)` call them always
/// ready. Registered as a `MaybeFile`, a file is always ready on all of them; whatever else the
/// descriptor is, is watched as usual.
///
/// @param fd the descriptor
public record MaybeFile(int fd) implements Descriptor {}
