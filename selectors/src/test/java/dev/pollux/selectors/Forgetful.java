package dev.pollux.selectors;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/// Run in a JVM of its own, whose system log is its standard error.
final class Forgetful {
    private static final ByteArrayOutputStream LOG = new ByteArrayOutputStream();

    private static final Predicate<String> IS_WORD = line -> line.contains("was forgotten");

    private Forgetful() {}

    public static void main(String[] arguments) throws Exception {
        System.setErr(new PrintStream(LOG, true));
        for (Bench bench : List.of(Bench.SELECT, Bench.POLL, Bench.EPOLL, Bench.NIO)) {
            bench.open().close(); // Loads what needs descriptors to be loaded.
            End[] pair = bench.pair();
            int before = descriptors();
            openAndForget(bench, pair[0]);
            String name = bench.name().toLowerCase();
            while (!LOG.toString().contains("over " + name + " was forgotten")) {
                System.gc();
            }
            int left = descriptors() - before;
            System.out.println(name + ": closed, descriptors left: " + left);
        }
        System.out.println("words: " + LOG.toString().lines().filter(IS_WORD).count());
    }

    /// Its data and its listener know it, as they often do.
    private static void openAndForget(Bench bench, End end) throws Exception {
        Selector<Object> selector = bench.open();
        selector.onSpin(_ -> selector.close());
        end.register(selector, Selector.READ, selector);
        selector.select(0, (_, _) -> {});
    }

    private static int descriptors() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }
}
