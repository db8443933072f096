package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process that runs out of descriptors: its newcomers are turned away or wait, nobody else
/// notices, and nothing spins.
@Timeout(120)
final class FullTableTest {
    @Test
    void everyModelSurvivesAFullDescriptorTable(@TempDir Path folder) throws Exception {
        List<String> models =
                Flavor.alone()
                        .filter(flavor -> flavor.servesAtOnce() > 1)
                        .map(flavor -> flavor.model().label())
                        .toList();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-ea", "--enable-native-access=ALL-UNNAMED", "-cp", classPath()));
        command.add(FullTableProgram.class.getName());
        command.addAll(models);
        File output = folder.resolve("output").toFile();
        ProcessBuilder program = new ProcessBuilder(command).redirectErrorStream(true);
        Process process = program.redirectOutput(output).start();
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            assertThat(Files.readAllLines(output.toPath()))
                    .containsExactlyElementsOf(
                            models.stream().map(model -> "survived " + model).toList());
            assertThat(ended).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    /// {@return the folders or jars that these classes come from}
    private static String classPath() {
        return Stream.of(FullTableProgram.class, IoModel.class, Selector.class, Errno.class)
                .map(FullTableTest::origin)
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
