package dev.pollux.selectors;

import dev.pollux.libc.Descriptors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Run in a JVM of its own with a small heap: registers a descriptor whose number needs arrays
/// longer than the heap has room for, on every mechanism over descriptors.
final class OnAShortHeap {
    /// Tables by descriptor grow to twice as many entries: 128 KiB for each.
    static final int HIGH = 1 << 14;

    private static final int CRUMB = 1 << 15;

    private OnAShortHeap() {}

    public static void main(String[] arguments) throws Exception {
        DescriptorEnd.check(Descriptors.setNofileSoft(Descriptors.nofileHard()));
        for (Bench bench : Bench.values()) {
            if (bench != Bench.NIO) {
                String warm = attempt(bench, new ArrayList<>()); // All classes are loaded now.
                System.out.println(bench + " with a heap: " + warm);
                System.out.println(bench + " without a heap: " + attempt(bench, fill()));
            }
        }
    }

    /// All that the heap can hold, but for a crumb or two.
    static List<byte[]> fill() {
        var hog = new ArrayList<byte[]>(1 << 12);
        for (int size = 1 << 20; size >= CRUMB; size /= 2) {
            boolean full = false;
            while (!full) {
                try {
                    hog.add(new byte[size]);
                } catch (OutOfMemoryError _) {
                    full = true;
                }
            }
        }
        hog.removeLast();
        return hog;
    }

    private static String attempt(Bench bench, List<byte[]> hog) throws Exception {
        DescriptorEnd[] pair = DescriptorEnd.socketPair();
        int high =
                DescriptorEnd.check(
                        Descriptors.fcntl(pair[0].fd(), Descriptors.F_DUPFD_CLOEXEC, HIGH));
        try (Selector<String> selector = bench.open()) {
            String first = "needs none";
            try {
                selector.register(high, Selector.WRITE);
                hog.clear();
            } catch (OutOfMemoryError _) {
                hog.clear();
                first = "refused, then " + look(selector) + "; again ";
                selector.register(high, Selector.WRITE);
                first += look(selector);
            }
            selector.unregister(high);
            return first + "; in the end " + look(selector);
        } finally {
            Descriptors.close(high);
            pair[0].close();
            pair[1].close();
        }
    }

    private static String look(Selector<String> selector) throws Exception {
        int keys = selector.keys().size();
        int ready = selector.select(Duration.ZERO).size();
        return "%d keys, %d ready, %d stale"
                .formatted(keys, ready, selector.statistics().staleEvents());
    }
}
