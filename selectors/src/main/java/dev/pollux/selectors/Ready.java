package dev.pollux.selectors;

/// A registration that is ready, and for what.
///
/// @param <T> the type of the data
/// @param key the registration
/// @param events what it is ready for: some of the events it is watched for
public record Ready<T>(SelectorKey<T> key, int events) {}
