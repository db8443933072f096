package dev.pollux.engines.loop;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The connections of a loop, dense: each knows its index. Belongs to the loop's thread.
final class Connections {
    private @Nullable Connection[] all = new @Nullable Connection[64];
    private int size;

    int size() {
        return size;
    }

    Connection get(int index) {
        return Objects.requireNonNull(all[index]);
    }

    /// Makes room for one more, so that adding it cannot fail.
    void reserve() {
        if (size == all.length) {
            all = Arrays.copyOf(all, 2 * size);
        }
    }

    /// Adds one, for which there is room.
    void add(Connection connection) {
        connection.index = size;
        all[size++] = connection;
    }

    void remove(Connection connection) {
        Connection last = Objects.requireNonNull(all[--size]);
        all[connection.index] = last;
        last.index = connection.index;
        all[size] = null;
        connection.index = -1;
    }

    /// Does something with each; one that is removed by it is no obstacle.
    void forEach(Consumer<Connection> action) {
        for (int i = size - 1; i >= 0; i--) {
            action.accept(Objects.requireNonNull(all[i]));
        }
    }
}
