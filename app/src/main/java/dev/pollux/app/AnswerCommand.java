package dev.pollux.app;

import dev.pollux.chat.Desk;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `pollux answer`: the operator's desk.
@Command(
        name = "answer",
        description = {
            "Answer each client by hand: type '3 text' to answer client 3.",
            "What a client says is shown at once, also in the middle of the line that you are typing;"
                    + " your line is sent whole all the same."
        })
final class AnswerCommand implements Callable<Integer> {
    @Mixin private ServerOptions options = new ServerOptions();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "9999",
            converter = Port.class,
            description = "The port; 0 for any free one (default: 9999).")
    private int port;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var line = spec.commandLine();
        try (var server = new Server(options, line.getOut(), line.getErr())) {
            var desk = new Desk(server.console()::say);
            server.listen("answer", port, desk::client);
            return server.run(desk::typed, what -> server.console().say("* " + what));
        }
    }
}
