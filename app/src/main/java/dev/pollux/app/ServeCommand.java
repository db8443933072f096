package dev.pollux.app;

import dev.pollux.chat.ChatProtocol;
import dev.pollux.chat.Hub;
import dev.pollux.http.Response;
import dev.pollux.http.Router;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `pollux serve`: the chat and the web, in one process on one engine.
@Command(name = "serve", description = "Serve the chat, and a web page that tells how to join.")
final class ServeCommand implements Callable<Integer> {
    @Mixin private ServerOptions options = new ServerOptions();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "9999",
            converter = Port.class,
            description = "The chat's port; 0 for any free one (default: 9999).")
    private int port;

    @Option(
            names = "--web-port",
            paramLabel = "N",
            defaultValue = "8080",
            converter = Port.class,
            description = "The web's port; 0 for any free one (default: 8080).")
    private int webPort;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var line = spec.commandLine();
        try (var server = new Server(options, line.getOut(), line.getErr())) {
            TimeZones.complaint().ifPresent(server.console()::warn);
            var hub = new Hub(server.engine());
            var chat = server.listen("chat", port, () -> new ChatProtocol(hub));
            var healthy = Response.text("ok\n");
            var routes = Router.EMPTY.get("/", LandingPage.of(chat)).get("/healthz", _ -> healthy);
            server.listen("web", webPort, server.web(routes));
            return server.run();
        }
    }
}
