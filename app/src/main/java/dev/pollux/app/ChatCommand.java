package dev.pollux.app;

import dev.pollux.chat.ChatProtocol;
import dev.pollux.chat.Hub;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `pollux chat`: a group chat over lines.
@Command(name = "chat", description = "Serve a group chat; join it with nc.")
final class ChatCommand implements Callable<Integer> {
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
            TimeZones.complaint().ifPresent(server.console()::warn);
            var hub = new Hub(server.engine());
            server.listen("chat", port, () -> new ChatProtocol(hub));
            return server.run();
        }
    }
}
