package dev.pollux.descriptors;

/// A Java object that stands for a file descriptor: what `fileno()` is in Python.
///
/// To a selector such an object and its bare number are the same: it may be registered as the one
/// and looked up as the other.
@FunctionalInterface
public interface Descriptor {
    /// {@return the number, or a negative number once it is closed}
    ///
    /// A selector asks for it in the thread that registers or looks up, and holds no lock then.
    int fd();
}
