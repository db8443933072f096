package dev.pollux.app;

import dev.pollux.engines.models.IoModel;
import dev.pollux.engines.models.Threading;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The models that the servers are tested on.
final class Models {
    /// Serves its connections one after the other.
    private static final String ITERATIVE = "blocking";

    private Models() {}

    /// The names of those that this machine has.
    static Stream<String> here() {
        return Arrays.stream(IoModel.values()).filter(IoModel::isAvailable).map(IoModel::label);
    }

    /// The names of those on which peers can talk with each other.
    static Stream<String> forMany() {
        return here().filter(model -> !model.equals(ITERATIVE));
    }

    /// The names of those that serve one peer after the other.
    static Stream<String> forOne() {
        return here().filter(model -> model.equals(ITERATIVE));
    }

    /// The options that choose a model, with two loops if it has loops.
    static List<String> withTwoLoops(String model) {
        return IoModel.named(model).threading() == Threading.LOOPS
                ? List.of("--model", model, "--threads", "2")
                : List.of("--model", model);
    }
}
