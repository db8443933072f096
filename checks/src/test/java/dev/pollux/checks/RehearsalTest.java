package dev.pollux.checks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the rehearsal of a build does with the server that it starts.
@Timeout(60)
final class RehearsalTest {
    private static final List<String> SOURCES =
            List.of("launch/Rehearsal.java", "launch/StackMaps.java", "launch/Visitors.java");

    /// Its visitors would not find a server on another host, nor get past a bound of one
    /// connection.
    @Test
    void whatIsSetForOnesOwnServersDoesNotReachIt(@TempDir Path folder) throws Exception {
        for (var source : SOURCES) {
            Checkout.write(
                    folder.resolve(source), Project.here().file(source).orElseThrow().text());
        }
        Files.createDirectories(folder.resolve("lib"));
        var server = folder.resolve("server");
        Checkout.write(server, "#!/bin/sh\nenv\n");
        Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwxr-xr-x"));
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder =
                new ProcessBuilder(
                                java,
                                folder.resolve(SOURCES.getFirst()).toString(),
                                folder.toString(),
                                server.toString())
                        .redirectErrorStream(true);
        builder.environment().put("POLLUX_HOST", "192.0.2.1");
        builder.environment().put("POLLUX_CONNECTIONS_MAX", "1");
        var process = builder.start();
        try (var said = process.inputReader(UTF_8)) {
            assertThat(said.lines().toList())
                    .anyMatch(line -> line.startsWith("PATH="))
                    .noneMatch(line -> line.startsWith("POLLUX_"));
        } finally {
            process.destroyForcibly();
        }
    }
}
