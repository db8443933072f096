package dev.pollux.app;

import dev.pollux.http.Router;
import dev.pollux.http.StaticFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pollux web`: the files of a folder.
@Command(name = "web", description = "Serve the files of a folder over HTTP.")
final class WebCommand implements Callable<Integer> {
    @Mixin private ServerOptions options = new ServerOptions();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            converter = Port.class,
            description = "The port; 0 for any free one (default: 8080).")
    private int port;

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "The folder (default: this one).")
    private Path folder = Path.of(".");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (folder.toString().isEmpty()) {
            // As from a variable that is not set; the JDK would take it for this folder.
            throw new ParameterException(spec.commandLine(), "DIR is empty");
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException("there is no folder " + folder);
        }
        var files = Router.EMPTY.prefix("/", StaticFiles.of(folder));
        var line = spec.commandLine();
        try (var server = new Server(options, line.getOut(), line.getErr())) {
            server.listen("web", port, server.web(files));
            return server.run();
        }
    }
}
