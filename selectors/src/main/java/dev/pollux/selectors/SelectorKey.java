package dev.pollux.selectors;

import org.jspecify.annotations.Nullable;

/// One registration: what was registered, and with what. Immutable and compared by value, as
/// CPython's `SelectorKey`, a 4-tuple.
///
/// @param <T> the type of the data
/// @param fileobj the object that was registered: an [Integer], a
///   [dev.pollux.descriptors.Descriptor], ...
/// @param fd its number at the time of registration, which stays the key's identity even after the
///   object is closed
/// @param events what it is watched for: [Selector#READ] and [Selector#WRITE], and the further
///   kinds of an [Interest]
/// @param data the caller's own, or null
public record SelectorKey<T>(Object fileobj, int fd, int events, @Nullable T data) {}
