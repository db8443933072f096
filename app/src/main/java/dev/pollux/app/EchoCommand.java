package dev.pollux.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `pollux echo`: what comes goes back.
@Command(name = "echo", description = "Send back what comes.")
final class EchoCommand implements Callable<Integer> {
    @Mixin private ServerOptions options = new ServerOptions();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "9999",
            converter = Port.class,
            description = "The port; 0 for any free one (default: 9999).")
    private int port;

    @Option(
            names = "--reply",
            paramLabel = "HOW",
            defaultValue = "same",
            description =
                    "What to make of each chunk: ${COMPLETION-CANDIDATES} (default: same);"
                            + " notes is 'Your msg = {} ~~~~'.")
    private Reply reply = Reply.SAME;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var line = spec.commandLine();
        try (var server = new Server(options, line.getOut(), line.getErr())) {
            server.listen("echo", port, () -> new EchoProtocol(reply));
            return server.run();
        }
    }
}
