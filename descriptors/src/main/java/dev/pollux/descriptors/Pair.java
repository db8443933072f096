package dev.pollux.descriptors;

import dev.pollux.libc.ErrnoException;

/// Two descriptors that are connected to each other. Closing it closes both.
///
/// @param <T> what they are
/// @param first one of them
/// @param second the other
public record Pair<T extends OwnedDescriptor>(T first, T second) implements AutoCloseable {
    @Override
    public void close() throws ErrnoException {
        try {
            first.close();
        } finally {
            second.close();
        }
    }
}
