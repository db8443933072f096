package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.descriptors.Descriptor;
import dev.pollux.engines.models.IoModel;
import dev.pollux.libc.Errno;
import dev.pollux.selectors.Selector;
import java.io.File;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A JVM of its own, for a program that would take from the one that runs the tests what it needs.
final class ChildJvm {
    private ChildJvm() {}

    /// Runs a program, which has to end well.
    ///
    /// @param folder for its output
    /// @param program its class
    /// @param options of the JVM
    /// @param arguments of the program
    /// @return the lines that it has printed
    static List<String> run(
            Path folder, Class<?> program, List<String> options, List<String> arguments)
            throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-ea", "--enable-native-access=ALL-UNNAMED", "-cp", classPath()));
        command.add(program.getName());
        command.addAll(arguments);
        Path output = folder.resolve("output");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(100, TimeUnit.SECONDS);
            List<String> lines = Files.readAllLines(output);
            assertThat(ended).as("it has ended: " + lines).isTrue();
            assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    /// {@return the folders or jars that these classes come from}
    private static String classPath() {
        return Stream.of(
                        ChildJvm.class,
                        IoModel.class,
                        Selector.class,
                        Descriptor.class,
                        Errno.class)
                .map(ChildJvm::origin)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String origin(Class<?> type) {
        URL url = Objects.requireNonNull(type.getResource(type.getSimpleName() + ".class"));
        String location = url.toString();
        String inside = type.getName().replace('.', '/') + ".class";
        String root = location.substring(0, location.length() - inside.length());
        String path = root.startsWith("jar:") ? root.substring(4, root.indexOf("!/")) : root;
        return Path.of(URI.create(path)).toString();
    }
}
