package dev.pollux.app;

import dev.pollux.engines.Engine;
import dev.pollux.engines.EngineObserver;
import dev.pollux.engines.IoModel;
import dev.pollux.engines.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that every server has. Each may also be set in the environment: `POLLUX_MODEL`,
/// `POLLUX_THREADS`, `POLLUX_HOST`.
final class ServerOptions {
    private static final String AUTO = "auto";
    private static final int THREADS_MAX = 1024;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            defaultValue = "${env:POLLUX_MODEL:-auto}",
            description = "The I/O model; the models command lists them (default: auto, the best).")
    private String model = AUTO;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "${env:POLLUX_THREADS:-1}",
            description = "How many loops share the connections (default: 1).")
    private int threads = 1;

    @Option(
            names = "--host",
            paramLabel = "H",
            defaultValue = "${env:POLLUX_HOST:-127.0.0.1}",
            description = "The address to listen on (default: 127.0.0.1).")
    private String host = "127.0.0.1";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /// Made by picocli.
    ServerOptions() {}

    /// {@return a running engine of the model that was asked for}
    ///
    /// @param limits what it bounds
    /// @param console is told what `auto` has picked, and of troubles
    /// @throws ParameterException when there is no such model, or no such number of threads
    /// @throws IOException when the model is not available here
    Engine open(Limits limits, Console console) throws IOException {
        if (threads < 1 || threads > THREADS_MAX) {
            throw misused("--threads must be 1 to " + THREADS_MAX + ", not " + threads);
        }
        EngineObserver observer = (line, _) -> console.warn(line);
        return model(console).open(limits, threads, observer);
    }

    private IoModel model(Console console) {
        if (model.equals(AUTO)) {
            var choice = IoModel.choose();
            var passedOver = String.join("; ", choice.passedOver());
            console.warn(
                    "model "
                            + choice.model().label()
                            + (passedOver.isEmpty() ? "" : ", not " + passedOver));
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
    /// @throws IOException when the host has no address
    InetSocketAddress address(int port) throws IOException {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IOException("there is no host " + host, e);
        }
    }
}
