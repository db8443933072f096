package dev.pollux.selectors;

import dev.pollux.libc.Descriptors;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/// Run in a JVM of its own with a small heap and no thread's share in it: closes selectors in
/// threads that have never called the C library, unregisters, and collects, all without one more
/// byte.
final class OnAFullHeap {
    private static final int BEYOND_CACHED_BOXES = 300;

    private static String outcome = "";

    private OnAFullHeap() {}

    public static void main(String[] arguments) throws Exception {
        for (Bench bench : List.of(Bench.SELECT, Bench.POLL, Bench.EPOLL)) {
            String warm = close(bench, false); // All classes are loaded now.
            System.out.println(bench + " with a heap: " + warm);
            System.out.println(bench + " without a heap: " + close(bench, true));
        }
        System.out.println("file with a heap: " + unregisterAFile(false));
        System.out.println("file without a heap: " + unregisterAFile(true));
        System.out.println("collected with a heap: " + collect(false, false));
        System.out.println("collected without a heap: " + collect(true, false));
        System.out.println("interrupted with a heap: " + collect(false, true));
        System.out.println("interrupted without a heap: " + collect(true, true));
    }

    /// All that the heap can hold.
    private static Object[] fill() {
        Object[] hog = new Object[1];
        for (int length = 1 << 16; length > 0; length /= 2) {
            hog = fill(hog, length);
        }
        return hog;
    }

    private static Object[] fill(Object[] before, int length) {
        Object[] hog = before;
        try {
            while (true) {
                var more = new Object[length];
                more[0] = hog;
                hog = more;
            }
        } catch (OutOfMemoryError _) {
            return hog;
        }
    }

    private static String close(Bench bench, boolean full) throws Exception {
        int before = descriptors();
        Selector<String> selector = bench.open();
        var go = new CountDownLatch(1);
        Thread closing =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                go.await();
                                selector.close();
                            } catch (OutOfMemoryError | InterruptedException _) {
                                outcome = "refused";
                            }
                        });
        Object[] hog = full ? fill() : null;
        go.countDown();
        closing.join();
        boolean held = hog != null;
        hog = null;
        selector.close(); // Where that was refused for want of memory.
        return "held: %s, descriptors left: %d".formatted(held, descriptors() - before);
    }

    private static String unregisterAFile(boolean full) throws Exception {
        Path path = Files.createTempFile("pollux", "heap");
        int file = DescriptorEnd.check(Descriptors.open(path.toString(), Descriptors.O_RDONLY, 0));
        int command = Descriptors.F_DUPFD_CLOEXEC;
        int high = DescriptorEnd.check(Descriptors.fcntl(file, command, BEYOND_CACHED_BOXES));
        try (Selector<String> selector = Bench.EPOLL.open()) {
            selector.register(new MaybeFile(high), Selector.READ);
            Object[] hog = full ? fill() : null;
            try {
                selector.unregister(high);
                outcome = "unregistered";
            } catch (OutOfMemoryError _) {
                outcome = "refused";
            }
            boolean held = hog != null;
            hog = null;
            if (outcome.equals("refused")) {
                selector.unregister(high);
            }
            int ready = selector.select(Duration.ZERO).size();
            long stale = selector.statistics().staleEvents();
            return "held: %s, %d ready, %d stale".formatted(held, ready, stale);
        } finally {
            Descriptors.close(file);
            Descriptors.close(high);
            Files.delete(path);
        }
    }

    private static String collect(boolean full, boolean interrupted) throws Exception {
        DescriptorEnd[] pair = DescriptorEnd.socketPair();
        var poller = new InjectedPoller(Bench.EPOLL.poller());
        Object[][] hog = {null};
        try (Selector<String> selector = Selector.over(poller)) {
            selector.register(pair[0], Interest.edge(Selector.WRITE), "near");
            selector.register(pair[1], Interest.oneShot(Selector.WRITE), "far");
            poller.waits.add(() -> {
                int count = poller.awaitReally(0);
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                hog[0] = full ? fill() : null;
                return count;
            });
            int first = -1;
            try {
                first = selector.selectInterruptibly(Duration.ZERO).size();
            } catch (OutOfMemoryError _) {
                outcome = "refused";
            }
            hog[0] = null;
            boolean _ = Thread.interrupted();
            int second = selector.select(Duration.ZERO).size();
            return (first < 0 ? outcome : first + " ready") + ", then " + second + " ready";
        } finally {
            pair[0].close();
            pair[1].close();
        }
    }

    private static int descriptors() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }
}
