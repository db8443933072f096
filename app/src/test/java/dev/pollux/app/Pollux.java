package dev.pollux.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Errno;
import dev.pollux.libc.SignalCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The real program in a JVM of its own, seen from outside: its standard streams, its signals, its
/// exit code.
final class Pollux implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    private static final String END = "\0";
    private static final int SIGINT = 2;

    /// The programs that run, for [#threads].
    private static final Set<Pollux> RUNNING = ConcurrentHashMap.newKeySet();

    private final Process process;
    private final BlockingQueue<String> out = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> err = new LinkedBlockingQueue<>();

    private Pollux(ProcessBuilder builder) throws IOException {
        this(builder, Long.MAX_VALUE);
    }

    private Pollux(ProcessBuilder builder, long linesRead) throws IOException {
        heedInterrupts();
        process = builder.start();
        collect(process.getInputStream(), out, linesRead);
        collect(process.getErrorStream(), err, Long.MAX_VALUE);
        RUNNING.add(this);
    }

    /// A shell without job control lets what it starts in the background ignore Ctrl-C, and so
    /// would every program that the tests start from there.
    private static void heedInterrupts() {
        int result = SignalCalls.restore(SIGINT);
        assertThat(result).isIn(0, -Errno.ENOSYS);
    }

    /// What the threads of the running programs are doing: for a failure that nobody can repeat.
    static String threads() {
        var text = new StringBuilder();
        for (var pollux : RUNNING) {
            try {
                pollux.signal("QUIT");
                var line = pollux.line();
                while (!line.equals(END) && !line.startsWith("JNI global refs")) {
                    text.append(line).append('\n');
                    line = pollux.line();
                }
            } catch (IOException | InterruptedException | AssertionError e) {
                text.append(e).append('\n');
            }
        }
        return text.toString();
    }

    /// Starts a command whose standard input is a pipe that the test writes to.
    static Pollux start(String... args) throws IOException {
        return new Pollux(new ProcessBuilder(command(args)));
    }

    /// Starts a command with more options of the JVM.
    static Pollux startOn(List<String> options, String... args) throws IOException {
        var words = new ArrayList<>(command(args));
        words.addAll(1, options);
        return new Pollux(new ProcessBuilder(words));
    }

    /// Starts a command with more in its environment.
    static Pollux startWith(Map<String, String> environment, String... args) throws IOException {
        var builder = new ProcessBuilder(command(args));
        builder.environment().putAll(environment);
        return new Pollux(builder);
    }

    /// Starts a command with a file as its standard input.
    static Pollux startFrom(Path input, String... args) throws IOException {
        return new Pollux(new ProcessBuilder(command(args)).redirectInput(input.toFile()));
    }

    /// Starts a command without any standard input.
    static Pollux startWithClosedInput(String... args) throws IOException {
        var words = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" <&-", "sh"));
        words.addAll(command(args));
        return new Pollux(new ProcessBuilder(words));
    }

    /// Starts a command of whose standard output no more than the first lines are ever read.
    static Pollux startBarelyRead(long lines, String... args) throws IOException {
        return new Pollux(new ProcessBuilder(command(args)), lines);
    }

    /// Starts a command whose standard output nobody reads any more.
    static Pollux startUnread(String... args) throws IOException {
        var pollux = startBarelyRead(0, args);
        pollux.process.getInputStream().close();
        return pollux;
    }

    /// Starts a command with a file as its standard output.
    static Pollux startInto(Path output, String... args) throws IOException {
        return new Pollux(new ProcessBuilder(command(args)).redirectOutput(output.toFile()));
    }

    /// Starts a command that may have so many descriptors.
    static Pollux startWithDescriptors(int most, String... args) throws IOException {
        var words =
                new ArrayList<>(List.of("sh", "-c", "ulimit -n " + most + "; exec \"$@\"", "sh"));
        words.addAll(command(args));
        return new Pollux(new ProcessBuilder(words));
    }

    /// The words that start the real program.
    static List<String> command(String... args) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var words =
                new ArrayList<>(
                        List.of(
                                java,
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Dfile.encoding=UTF-8",
                                "--enable-native-access=dev.pollux.libc",
                                "--illegal-native-access=deny",
                                "-p",
                                System.getProperty("jdk.module.path"),
                                "-m",
                                "dev.pollux.app/dev.pollux.app.Main"));
        words.addAll(List.of(args));
        return words;
    }

    private static void collect(InputStream stream, BlockingQueue<String> lines, long most) {
        if (most == 0) {
            return;
        }
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        var reader = new BufferedReader(new InputStreamReader(stream, UTF_8));
                        reader.lines().limit(most).forEach(lines::add);
                    } catch (UncheckedIOException e) {
                        lines.add(e.toString());
                    }
                    lines.add(END);
                });
    }

    /// The next line of standard output.
    String line() throws InterruptedException {
        return next(out);
    }

    /// The next line of standard error.
    String error() throws InterruptedException {
        return next(err);
    }

    /// What is left on a stream once the program has ended.
    List<String> rest() throws InterruptedException {
        return rest(out);
    }

    List<String> errors() throws InterruptedException {
        return rest(err);
    }

    private static List<String> rest(BlockingQueue<String> lines) throws InterruptedException {
        var rest = new ArrayList<String>();
        for (var line = next(lines); !line.equals(END); line = next(lines)) {
            rest.add(line);
        }
        return rest;
    }

    private static String next(BlockingQueue<String> lines) throws InterruptedException {
        var line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(line).as("a line in time").isNotNull();
        return line;
    }

    /// The port of the door that is opened next, which must have this name.
    int port(String door) throws InterruptedException {
        var line = line();
        if (line.equals(END)) {
            throw new AssertionError("it ended: " + errors());
        }
        var start = "listening " + door + " 127.0.0.1:";
        assertThat(line).startsWith(start);
        return Integer.parseInt(line.substring(start.length()));
    }

    /// Types a line.
    void type(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(UTF_8));
        in.flush();
    }

    /// Ends its standard input.
    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    void signal(String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        RUNNING.remove(this);
        process.destroyForcibly();
    }
}
