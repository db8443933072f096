package dev.pollux.selectors;

import dev.pollux.libc.ErrnoException;

/// One end of a connection that tests talk through.
interface End extends AutoCloseable {
    /// What is registered for it.
    Object fileobj();

    <T> SelectorKey<T> register(Selector<T> selector, Interest interest, T data)
            throws ErrnoException;

    default <T> SelectorKey<T> register(Selector<T> selector, int events, T data)
            throws ErrnoException {
        return register(selector, Interest.ofPair(events), data);
    }

    default <T> SelectorKey<T> register(Selector<T> selector, int events) throws ErrnoException {
        return register(selector, events, null);
    }

    void send(String text);

    /// What can be read now, "" at the end of input, null if there is nothing.
    String receive();

    /// Sends the end of input.
    void finish();

    @Override
    void close();
}
