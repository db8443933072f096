package dev.pollux.selectors;

/// Takes the ready registrations of a wait one by one, without any allocation.
///
/// It runs in the waiting thread, which holds no lock of the selector, and may register, modify,
/// unregister and close whatever it likes, the selector included; an event that waits behind it in
/// the same batch for a registration that is gone is dropped. An exception leaves the wait; the
/// events behind it are reported by the next wait.
///
/// @param <T> the type of the data
@FunctionalInterface
public interface ReadyConsumer<T> {
    /// Takes a registration that is ready.
    ///
    /// @param key the registration
    /// @param events what it is ready for: some of the events it is watched for
    void ready(SelectorKey<T> key, int events);
}
