package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.descriptors.Descriptor;
import dev.pollux.libc.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A JVM of its own for a program that would not be good for the one that runs the tests.
final class ChildJvm {
    /// The option that native calls need.
    static final String ALLOWED = "--enable-native-access=ALL-UNNAMED";

    private ChildJvm() {}

    /// What a program prints; it must end well.
    static String run(Path folder, Class<?> program, String... options) throws Exception {
        var command = new ArrayList<String>(List.of(options));
        command.addAll(List.of("-cp", classPath(), program.getName()));
        return run(folder, command);
    }

    /// What a program prints that is run over other classes than the usual ones; it must end well.
    ///
    /// @param classes where these are
    static String runOver(Path folder, Path classes, Class<?> program, String... arguments)
            throws Exception {
        var command = new ArrayList<String>(List.of(ALLOWED, "-ea", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", classes + ":" + classPath(), program.getName()));
        command.addAll(List.of(arguments));
        return run(folder, command);
    }

    private static String run(Path folder, List<String> options) throws Exception {
        Path output = folder.resolve("output");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        process.getOutputStream().close();
        process.getErrorStream().close(); // The JDK itself would close it some time after the end.
        int status = process.waitFor();
        String printed = Files.readString(output);
        assertThat(status).as(printed).isZero();
        return printed;
    }

    private static String classPath() {
        return String.join(
                ":",
                where(ChildJvm.class),
                where(Mechanism.class),
                where(Descriptor.class),
                where(Errno.class));
    }

    private static String where(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }
}
