package dev.pollux.app;

import dev.pollux.engines.Engine;
import dev.pollux.engines.EngineObserver;
import dev.pollux.engines.IdleStrategy;
import dev.pollux.engines.Limits;
import dev.pollux.engines.models.IoModel;
import dev.pollux.engines.models.Threading;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that every server has. Each may also be set in the environment: `POLLUX_MODEL`,
/// `POLLUX_THREADS`, `POLLUX_POOL`, `POLLUX_IDLE`, `POLLUX_CONNECTIONS_MAX`, `POLLUX_HOST`.
///
/// Some fit some models only. Typed with another model they are misuse; in the environment, which
/// is the same for all commands, they say nothing there.
@Command(
        footer = {
            "",
            "An option that is not given is looked for in the environment, as POLLUX_MODEL,"
                    + " POLLUX_THREADS, POLLUX_POOL, POLLUX_IDLE,"
                    + " POLLUX_CONNECTIONS_MAX, POLLUX_HOST or POLLUX_PORT, the port of the web as"
                    + " POLLUX_WEB_PORT; one that is there and does not fit the model is passed"
                    + " over.",
            "A line 'quit', Ctrl-C and SIGTERM stop the server."
        })
final class ServerOptions {
    private static final String AUTO = "auto";
    private static final String THREADS = "--threads";
    private static final String POOL = "--pool";
    private static final String IDLE = "--idle";
    private static final String CONNECTIONS_MAX = "--connections-max";
    private static final int THREADS_MAX = 1024;
    private static final int POOL_MAX = 65_536;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "The I/O model; the models command lists them (default: auto, the best).")
    private String model = AUTO;

    @Option(
            names = THREADS,
            paramLabel = "N",
            description =
                    "How many loops share the connections, on the models that have loops"
                            + " (default: 1).")
    private @Nullable Integer threads;

    @Option(
            names = POOL,
            paramLabel = "N",
            description =
                    "How many connections a model with a pool of threads serves at a time"
                            + " (default: 2 for each processor).")
    private @Nullable Integer pool;

    @Option(
            names = IDLE,
            paramLabel = "HOW",
            description =
                    "What the loops of nonblocking do while nothing happens:"
                            + " ${COMPLETION-CANDIDATES} (default: park).")
    private @Nullable IdleStrategy idle;

    @Option(
            names = CONNECTIONS_MAX,
            paramLabel = "N",
            description =
                    "How many connections may be open; the next wait (default: as many as the"
                            + " model can hold, where each takes a descriptor as many as ulimit"
                            + " -n without 100).")
    private @Nullable Integer connectionsMax;

    @Option(
            names = "--host",
            paramLabel = "H",
            defaultValue = "127.0.0.1",
            description = "The address to listen on (default: 127.0.0.1).")
    private String host = "127.0.0.1";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /// Made by picocli.
    ServerOptions() {}

    /// {@return a running engine of the model that was asked for}
    ///
    /// @param limits what it bounds
    /// @param console is told of better models that `auto` could not pick, and of troubles
    /// @throws ParameterException when there is no such model, or another option does not fit it
    /// @throws IOException when the model is not available here, or cannot hold so many connections
    Engine open(Limits limits, Console console) throws IOException {
        IoModel chosen = model(console);
        refuseUnless(hasLoops(chosen), THREADS, chosen, ServerOptions::hasLoops);
        refuseUnless(hasPool(chosen), POOL, chosen, ServerOptions::hasPool);
        refuseUnless(!chosen.waits(), IDLE, chosen, other -> !other.waits());
        EngineObserver observer = (line, _) -> console.warn(line);
        var idling = idle == null ? IdleStrategy.PARK : idle;
        return chosen.open(bounded(limits, chosen), threads(chosen), idling, observer);
    }

    private static boolean hasLoops(IoModel model) {
        return model.threading() == Threading.LOOPS;
    }

    private static boolean hasPool(IoModel model) {
        return model.threading() == Threading.WORKERS;
    }

    private void refuseUnless(
            boolean fits, String option, IoModel chosen, Predicate<IoModel> fitting) {
        if (!fits && command.commandLine().getParseResult().hasMatchedOption(option)) {
            var names =
                    Arrays.stream(IoModel.values())
                            .filter(fitting)
                            .map(IoModel::label)
                            .collect(Collectors.joining(", "));
            throw misused(
                    option + " is not for the model " + chosen.label() + "; it is for: " + names);
        }
    }

    private int threads(IoModel chosen) {
        return switch (chosen.threading()) {
            case LOOPS -> within(THREADS, threads, THREADS_MAX, chosen.threadsDefault());
            case WORKERS -> within(POOL, pool, POOL_MAX, chosen.threadsDefault());
            case FIXED -> chosen.threadsDefault();
        };
    }

    private int within(String option, @Nullable Integer number, int max, int otherwise) {
        if (number == null) {
            return otherwise;
        }
        if (number < 1 || number > max) {
            throw new ParameterException(
                    command.commandLine(),
                    option + " must be 1 to " + max + ", not " + number,
                    command.findOption(option),
                    number.toString());
        }
        return number;
    }

    private Limits bounded(Limits limits, IoModel chosen) throws IOException {
        int most = chosen.connectionsMost();
        int otherwise = Math.min(limits.connectionsMax(), most);
        int wanted = within(CONNECTIONS_MAX, connectionsMax, Integer.MAX_VALUE, otherwise);
        if (wanted > most) {
            throw new IOException(
                    "the model %s holds %d connections at most here (ulimit -n), not %d"
                            .formatted(chosen.label(), most, wanted));
        }
        return limits.withConnectionsMax(wanted);
    }

    private IoModel model(Console console) {
        if (model.equals(AUTO)) {
            var choice = IoModel.choose();
            if (!choice.passedOver().isEmpty()) {
                var passedOver = String.join("; ", choice.passedOver());
                console.warn("model " + choice.model().label() + ", not " + passedOver);
            }
            return choice.model();
        }
        try {
            return IoModel.named(model);
        } catch (IllegalArgumentException e) {
            throw misused(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException misused(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    /// {@return the address to listen on}
    ///
    /// @param port its port
    /// @throws ParameterException when no host is named
    /// @throws IOException when the host has no address
    InetSocketAddress address(int port) throws IOException {
        if (host.isBlank()) {
            // The JDK would take it for the loopback.
            throw misused("--host needs an address, not ''");
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IOException("there is no host " + host, e);
        }
    }
}
