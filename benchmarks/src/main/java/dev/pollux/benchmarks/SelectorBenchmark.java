package dev.pollux.benchmarks;

import dev.pollux.selectors.Mechanism;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What the calls of a selector cost. A change is always followed by a poll, as in a loop: the
/// JDK's selector tells the kernel of changes only then, ours at once.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class SelectorBenchmark {
    @Param({"jdk", "epoll", "poll", "select"})
    private String selector = "";

    @Param({"10", "100", "1000"})
    private int registered;

    @Param({"0"})
    private int ready;

    @SuppressWarnings("NullAway.Init") // JMH calls open() first.
    private Subject subject;

    /// For JMH.
    public SelectorBenchmark() {}

    /// Opens the selector named and what it watches.
    ///
    /// @throws IOException when descriptors run out
    @Setup
    public void open() throws IOException {
        subject =
                selector.equals("jdk")
                        ? new JdkSubject(registered, ready)
                        : new PolluxSubject(mechanism(), registered, ready);
        if (subject.poll() != ready) {
            throw new IllegalStateException("not " + ready + " ready");
        }
    }

    private Mechanism mechanism() {
        return Mechanism.valueOf(selector.toUpperCase(Locale.ROOT));
    }

    /// Closes it all.
    ///
    /// @throws IOException when closing fails
    @TearDown
    public void close() throws IOException {
        subject.close();
    }

    /// One poll, all that is ready looked at.
    ///
    /// @return how many were ready
    /// @throws IOException when the kernel refuses
    @Benchmark
    public int poll() throws IOException {
        return subject.poll();
    }

    /// A descriptor comes and goes, with a poll after each.
    ///
    /// @return how many were ready
    /// @throws IOException when the kernel refuses
    @Benchmark
    public int registerUnregister() throws IOException {
        subject.register();
        int before = subject.poll();
        subject.unregister();
        return before + subject.poll();
    }

    /// A descriptor's interest goes from reading to both and back, with a poll after each.
    ///
    /// @return how many were ready
    /// @throws IOException when the kernel refuses
    @Benchmark
    public int modify() throws IOException {
        subject.modify();
        int before = subject.poll();
        subject.modify();
        return before + subject.poll();
    }
}
