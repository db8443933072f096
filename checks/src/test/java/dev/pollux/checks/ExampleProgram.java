package dev.pollux.checks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A program of `examples/` that runs in a JVM of its own.
final class ExampleProgram implements AutoCloseable {
    /// Compiled once for all tests.
    private static final Path CLASSES = Path.of("target/examples").toAbsolutePath();

    /// What the compiler had to say.
    static final List<String> OBJECTIONS =
            MemorySource.compile(
                    sources().stream()
                            .map(file -> new MemorySource(file.name(), file.text()))
                            .toList(),
                    "-Xlint:all",
                    "-Werror",
                    "-d",
                    CLASSES.toString());

    private static final Pattern PORT = Pattern.compile("listening on /127\\.0\\.0\\.1:(\\d+).*");

    private final Process process;
    private final BufferedReader said;
    private final Writer typed;

    private ExampleProgram(Process process) {
        this.process = process;
        said = process.inputReader(UTF_8);
        typed = process.outputWriter(UTF_8);
    }

    static List<TextFile> sources() {
        return Project.here().files().filter(file -> file.path().startsWith("examples/")).toList();
    }

    /// @param words the program's name, and its arguments
    static ExampleProgram start(String... words) throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                CLASSES
                                        + File.pathSeparator
                                        + System.getProperty("java.class.path")));
        command.addAll(List.of(words));
        return new ExampleProgram(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /// {@return the port that it says it listens on, in its first line}
    int port() throws IOException {
        var line = line();
        var port = PORT.matcher(line);
        if (!port.matches()) {
            throw new AssertionError(line + "\n" + String.join("\n", said.lines().toList()));
        }
        return Integer.parseInt(port.group(1));
    }

    /// {@return the next line that it says}
    String line() throws IOException {
        var line = said.readLine();
        if (line == null) {
            throw new AssertionError("it has ended");
        }
        return line;
    }

    /// {@return the next line that it says and that begins so}
    String lineOf(String beginning) throws IOException {
        String line;
        do {
            line = line();
        } while (!line.startsWith(beginning));
        return line;
    }

    /// {@return what it says next, up to and with these words, which need not end a line}
    String upTo(String words) throws IOException {
        var text = new StringBuilder();
        while (text.indexOf(words) < 0) {
            int c = said.read();
            if (c < 0) {
                throw new AssertionError("it has ended, after: " + text);
            }
            text.append((char) c);
        }
        return text.toString();
    }

    void type(String text) throws IOException {
        typed.write(text);
        typed.flush();
    }

    void endOfInput() throws IOException {
        typed.close();
    }

    /// {@return its exit code, once it has ended by itself}
    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
