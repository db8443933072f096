package dev.pollux.app;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Prints lines, on a thread of its own: so a terminal that is held, or a pipe that nobody reads,
/// never holds an engine.
///
/// Bounded: when [#LINES_MAX] lines or [#CHARS_MAX] characters wait, further lines are dropped, and
/// how many is told once lines are taken again. What standard output refuses (a full disk) is told
/// once, at once. Any thread may print.
final class Console implements AutoCloseable {
    static final int LINES_MAX = 10_000;

    /// Lines that others fill to the brim must fit into a small heap.
    static final int CHARS_MAX = 4 * 1024 * 1024;

    static final String NOT_TAKEN = "standard output did not take everything";

    /// How long [#close] waits, for room and then for the last line.
    private static final long CLOSE_MILLIS = 1000;

    private final PrintWriter out;
    private final PrintWriter err;
    private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>(LINES_MAX);

    /// How many characters wait.
    private final AtomicInteger chars = new AtomicInteger();

    private final AtomicInteger dropped = new AtomicInteger();
    private final Thread writer;

    /// Whether standard output has refused something. Written by the writer.
    private volatile boolean refused;

    /// Whether that was because nobody reads it any more. Written by the writer.
    private volatile boolean unread;

    private boolean closed;

    /// Whether the writer was held to the last.
    private boolean held;

    /// @param to where it goes; null for the end of all lines
    /// @param text what, without the line's end
    private record Line(@Nullable PrintWriter to, String text) {}

    /// Creates a console.
    ///
    /// @param out standard output
    /// @param err standard error
    Console(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
        writer = Thread.ofPlatform().name("console").daemon().start(this::write);
    }

    /// Prints a line to standard output.
    void say(String line) {
        print(new Line(out, line));
    }

    /// Prints a line to standard error, with the program's name before it.
    void warn(String line) {
        print(new Line(err, "pollux: " + line));
    }

    private void print(Line line) {
        int length = line.text.length();
        boolean taken = false;
        try {
            taken = chars.addAndGet(length) <= CHARS_MAX && lines.offer(line);
        } finally {
            if (!taken) {
                chars.addAndGet(-length);
                dropped.incrementAndGet();
            }
        }
    }

    private void write() {
        try {
            for (var line = next(); line.to != null; line = next()) {
                show(line.to, line.text);
            }
        } catch (InterruptedException _) {
            // Nobody else knows this thread: close() gives up on a stream that takes nothing.
        }
    }

    private Line next() throws InterruptedException {
        var line = lines.take();
        chars.addAndGet(-line.text.length());
        return line;
    }

    /// A line for which there is no memory was not shown; the next may find some.
    private void show(PrintWriter to, String text) {
        try {
            to.println(text);
            if (to.checkError()) {
                refused(to);
            }
            tellLost();
        } catch (OutOfMemoryError _) {
            dropped.incrementAndGet();
        }
    }

    private void tellLost() {
        int lost = dropped.get();
        if (lost > 0) {
            err.println(
                    "pollux: " + (lost == 1 ? "1 line was" : lost + " lines were") + " not shown");
            err.flush();
            dropped.addAndGet(-lost);
        }
    }

    /// If standard error has, there is nobody to tell.
    @SuppressWarnings("ReferenceEquality") // Two streams, not two values.
    private void refused(PrintWriter by) {
        if (by == out && !refused) {
            unread = StandardOutput.isUnread();
            refused = true;
            if (!unread) {
                err.println("pollux: " + NOT_TAKEN);
                err.flush();
            }
        }
    }

    /// {@return whether standard output took everything, as far as somebody wants it; valid after
    /// [#close()]}
    synchronized boolean isComplete() {
        return !held && (!refused || unread);
    }

    /// Waits until what was printed is out, at most two seconds. Nothing may be printed any more.
    /// Idempotent.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        held = true;
        try {
            if (lines.offer(new Line(null, ""), CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                held = !writer.join(Duration.ofMillis(CLOSE_MILLIS));
            }
            writer.interrupt();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
