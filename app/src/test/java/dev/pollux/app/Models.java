package dev.pollux.app;

import dev.pollux.engines.IoModel;
import java.util.Arrays;
import java.util.stream.Stream;

/// The models that the servers are tested on.
final class Models {
    private Models() {}

    /// The names of those that this machine has.
    static Stream<String> here() {
        return Arrays.stream(IoModel.values()).filter(IoModel::isAvailable).map(IoModel::label);
    }
}
