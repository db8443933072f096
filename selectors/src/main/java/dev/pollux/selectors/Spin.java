package dev.pollux.selectors;

import org.jspecify.annotations.Nullable;

/// A descriptor that is ready again and again while nobody consumes what it is ready for: the loop
/// burns a processor and gets nowhere.
///
/// @param <T> the type of the data
/// @param fd the descriptor
/// @param events what it is reported for
/// @param key its registration; null for a ghost: the kernel goes on reporting a descriptor that
///   was unregistered after it was closed, because a duplicate keeps its file open
/// @param waits in how many waits, one after the other, it was seen
public record Spin<T>(int fd, int events, @Nullable SelectorKey<T> key, long waits) {}
