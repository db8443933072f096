package dev.pollux.app;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Where the options of the servers that were not typed are looked for: `--threads` in
/// `POLLUX_THREADS`. An empty variable says as little as none.
final class Environment implements IDefaultValueProvider {
    private static final Set<String> OPTIONS =
            Set.of(
                    "--model",
                    "--threads",
                    "--pool",
                    "--idle",
                    "--connections-max",
                    "--host",
                    "--port",
                    "--web-port");

    @Override
    public @Nullable String defaultValue(ArgSpec spec) {
        return spec instanceof OptionSpec option && OPTIONS.contains(option.longestName())
                ? value(option)
                : null;
    }

    private static @Nullable String value(OptionSpec option) {
        var value = System.getenv(variable(option));
        return value == null || value.isEmpty() ? null : value;
    }

    /// The web has a port of its own also where it is the only server.
    private static String variable(OptionSpec option) {
        var name = option.longestName();
        if (name.equals("--port") && option.command().name().equals("web")) {
            name = "--web-port";
        }
        return "POLLUX_" + name.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /// {@return what is wrong, told of the variable instead of the option where that is where the
    /// value came from}
    ///
    /// @param failure names the option that has a wrong value, if one has
    /// @param args what was typed
    static String complaint(ParameterException failure, String[] args) {
        var message = String.valueOf(failure.getMessage());
        if (!(failure.getArgSpec() instanceof OptionSpec option)) {
            return message;
        }
        var name = option.longestName();
        boolean typed =
                Arrays.stream(args).anyMatch(arg -> arg.equals(name) || arg.startsWith(name + "="));
        return typed || value(option) == null
                ? message
                : message.replace("option '" + name + "'", name).replace(name, variable(option));
    }
}
