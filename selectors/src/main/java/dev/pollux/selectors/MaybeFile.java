package dev.pollux.selectors;

import dev.pollux.descriptors.Descriptor;

/// A descriptor that may turn out to be a regular file, such as standard input that a shell has
/// redirected.
///
/// `epoll(7)` refuses regular files with `EPERM`, and `kqueue(2)` calls them readable only before
/// their end, so that a waiter never learns of it; `select(2)` and `poll(2)` call them always
/// ready. Registered as a `MaybeFile`, a file is always ready on all of them; whatever else the
/// descriptor is, is watched as usual.
///
/// What it is, is found out when it is registered. Closed without being unregistered first, a file
/// goes on being reported on epoll, whatever its number has become: something else is ready in its
/// place there.
///
/// @param fd the descriptor
public record MaybeFile(int fd) implements Descriptor {}
