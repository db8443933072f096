package dev.pollux.benchmarks;

import java.io.IOException;

/// A selector under measurement: ours over one mechanism, or the JDK's. It watches one end of as
/// many Unix socket pairs as it was opened for; each of the first ones has an unread byte and so
/// stays ready.
interface Subject extends AutoCloseable {
    /// {@return how many descriptors are ready, each of them looked at}
    ///
    /// Does not wait. Only now need the kernel know of the changes made since the last time.
    ///
    /// @throws IOException when the kernel refuses
    int poll() throws IOException;

    /// Watches one more descriptor, which is not ready to read.
    ///
    /// @throws IOException when the kernel refuses
    void register() throws IOException;

    /// Takes back what [#register] did.
    void unregister();

    /// Watches the last descriptor for writing too, if it was for reading alone; or again for
    /// reading alone.
    ///
    /// @throws IOException when the kernel refuses
    void modify() throws IOException;

    @Override
    void close() throws IOException;
}
