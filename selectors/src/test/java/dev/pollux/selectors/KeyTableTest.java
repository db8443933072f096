package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The table of registrations, beside a plain map.
class KeyTableTest {
    private final KeyTable<String> table = new KeyTable<>();

    private static Registration<String> registration(int fd) {
        var key = new SelectorKey<>(fd, fd, Selector.READ, "data " + fd);
        return new Registration<>(key, fd + 1, Trigger.LEVEL);
    }

    private List<Integer> fds() {
        var fds = new ArrayList<Integer>();
        for (int fd = table.next(0); fd >= 0; fd = table.next(fd + 1)) {
            fds.add(fd);
        }
        return fds;
    }

    @Test
    void holdsWhatAMapHolds() {
        var random = new Random(7);
        var map = new TreeMap<Integer, Registration<String>>();
        for (int i = 0; i < 20_000; i++) {
            int fd = random.nextInt(1 << random.nextInt(1, 18));
            if (random.nextInt(3) == 0) {
                map.remove(fd);
                table.remove(fd);
            } else {
                map.put(fd, registration(fd));
                table.put(fd, map.get(fd));
            }
            assertThat(table.size()).isEqualTo(map.size());
            assertThat(table.get(fd)).isSameAs(map.get(fd));
        }
        assertThat(fds()).isEqualTo(List.copyOf(map.keySet()));
    }

    @Test
    void whatThereIsNoRoomForIsNotCounted(@TempDir Path folder) throws Exception {
        assertThat(ChildJvm.run(folder, TableWithoutMemory.class, "-Xmx16m"))
                .contains("no room, and of registrations 0");
    }

    /// Who closes must get as far as waking the waiter.
    @Test
    void clearingNeedsNoMemory() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        table.put(7, registration(7));
        table.clear();
        long before = threads.getCurrentThreadAllocatedBytes();
        table.clear();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isZero();
        assertThat(table.size()).isZero();
        assertThat(table.get(7)).isNull();
    }

    @Test
    void takesTheHighestNumber() {
        int highest = Integer.MAX_VALUE - 2;
        assertThat(table.get(Integer.MAX_VALUE)).isNull();
        table.put(highest, registration(highest));
        table.put(0, registration(0));
        assertThat(fds()).containsExactly(0, highest);
        table.clear();
        assertThat(fds()).isEmpty();
        assertThat(table.get(0)).isNull();
        assertThat(table.size()).isZero();
    }
}
