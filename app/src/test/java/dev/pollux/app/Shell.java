package dev.pollux.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Memory;
import dev.pollux.libc.PollCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A person at a terminal of Linux, `pty(7)`, with an interactive shell: the one way to have a
/// foreground and a background.
final class Shell implements AutoCloseable {
    static final String CTRL_D = "\u0004";
    static final String CTRL_Z = "\u001a";

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long TIOCSPTLCK = 0x40045431;
    private static final long TIOCGPTN = 0x80045430L;
    private static final int BUFFER_BYTES = 4096;

    private final int keyboard;
    private final Process shell;
    private final Path program;
    private final long memory = Memory.allocate(BUFFER_BYTES);
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

    /// How much of the screen was asked for already.
    private int seen;

    /// The program that was started last; 0 for none.
    private long job;

    /// Starts one.
    ///
    /// @param folder for a script that starts the real program
    Shell(Path folder) throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/ptmx")), "no pseudo-terminals here");
        assumeTrue(Files.exists(Path.of("/usr/bin/setsid")), "nothing opens a session here");
        program = Files.writeString(folder.resolve("pollux"), script());
        int flags = Descriptors.O_RDWR | Descriptors.O_NOCTTY;
        keyboard = Descriptors.open("/dev/ptmx", flags, 0);
        assertThat(keyboard).isPositive();
        // The first terminal that the leader of a session opens controls it.
        var open = "exec sh -i <\"$1\" >\"$1\" 2>&1";
        var builder = new ProcessBuilder("setsid", "sh", "-c", open, "sh", otherSide());
        builder.environment().put("PS1", "");
        builder.environment().remove("ENV");
        shell = builder.start();
    }

    private static String script() {
        var words =
                Pollux.command().stream()
                        .map(word -> "'" + word.replace("'", "'\\''") + "'")
                        .collect(Collectors.joining(" "));
        return "exec " + words + " \"$@\"\n";
    }

    private String otherSide() {
        Memory.putInt(memory, 0);
        assertThat(Descriptors.ioctl(keyboard, TIOCSPTLCK, memory)).isZero();
        assertThat(Descriptors.ioctl(keyboard, TIOCGPTN, memory)).isZero();
        return "/dev/pts/" + Memory.getInt(memory);
    }

    /// Starts the real program in the background.
    void startInBackground(String... args) {
        var words = Stream.concat(Stream.of("sh", program.toString()), Stream.of(args));
        type(words.collect(Collectors.joining(" ")) + " & echo pid=$!.\n");
        job = Long.parseLong(await("pid=(\\d+)\\.").group(1));
    }

    void signal(String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + job).start();
        assertThat(kill.waitFor()).isZero();
    }

    /// Waits until the program that was started has ended: until then it may read what is typed.
    void awaitEnd() throws Exception {
        var started = ProcessHandle.of(job);
        if (started.isPresent()) {
            started.get().onExit().get(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    /// Waits until the program that was started has the terminal: until then a key such as Ctrl-Z
    /// means the shell.
    void awaitForeground() throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!isInForeground()) {
            assertThat(System.nanoTime()).as("in the background still").isLessThan(deadline);
            watch();
        }
    }

    /// `/proc/pid/stat`, proc(5): behind the name the third is its group, the sixth the terminal's.
    private boolean isInForeground() throws IOException {
        var stat = Files.readString(Path.of("/proc", Long.toString(job), "stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return fields[2].equals(fields[5]);
    }

    /// Presses keys.
    void type(String keys) {
        byte[] bytes = keys.getBytes(UTF_8);
        Memory.copy(bytes, 0, memory, bytes.length);
        assertThat(Descriptors.write(keyboard, memory, bytes.length)).isEqualTo(bytes.length);
    }

    /// Waits until the screen shows something that it has not shown before.
    MatchResult await(String pattern) {
        var wanted = Pattern.compile(pattern);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        var found = wanted.matcher(screen.toString(UTF_8));
        while (!found.find(seen)) {
            assertThat(System.nanoTime()).as("%s in%n%s", pattern, screen).isLessThan(deadline);
            watch();
            found = wanted.matcher(screen.toString(UTF_8));
        }
        seen = found.end();
        return found.toMatchResult();
    }

    private void watch() {
        PollCalls.put(memory, 0, keyboard, PollCalls.POLLIN);
        if (PollCalls.poll(memory, 1, TURN_NANOS) > 0) {
            int count = Descriptors.read(keyboard, memory, BUFFER_BYTES);
            assertThat(count).as("the shell has gone: %s", screen).isPositive();
            byte[] bytes = new byte[count];
            Memory.copy(memory, bytes, 0, count);
            screen.writeBytes(bytes);
        }
    }

    @Override
    public void close() {
        if (job > 0) {
            ProcessHandle.of(job).ifPresent(ProcessHandle::destroyForcibly);
        }
        shell.destroyForcibly();
        Descriptors.close(keyboard);
        Memory.free(memory);
    }
}
