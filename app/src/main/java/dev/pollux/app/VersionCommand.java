package dev.pollux.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `pollux version`: what runs, on which Java, on which system. One line.
@Command(
        name = "version",
        description = "Print the version, the Java it runs on and the system.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class)
final class VersionCommand implements Runnable, IVersionProvider {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().getOut().println(describe());
    }

    @Override
    public String[] getVersion() {
        return new String[] {describe()};
    }

    private static String describe() {
        return "pollux %s (Java %s, %s %s %s)"
                .formatted(
                        projectVersion(),
                        Runtime.version(),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch"));
    }

    /// The build writes it there; the module's own descriptor has it on the module path only.
    private static String projectVersion() {
        try (var in = VersionCommand.class.getResourceAsStream("version.properties")) {
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
