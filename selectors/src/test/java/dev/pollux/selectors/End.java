package dev.pollux.selectors;

/// One end of a connection that tests talk through.
interface End extends AutoCloseable {
    /// What is registered for it.
    Object fileobj();

    void send(String text);

    /// What can be read now, "" at the end of input, null if there is nothing.
    String receive();

    /// Sends the end of input.
    void finish();

    @Override
    void close();
}
