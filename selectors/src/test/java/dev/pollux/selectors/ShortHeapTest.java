package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pollux.libc.Descriptors;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A registration for which the heap has no room is refused, leaves nothing behind, and can be
/// tried again.
@ExtendWith(LeakCheck.class)
@Timeout(120)
class ShortHeapTest {
    @Test
    void aRegistrationWithoutHeapLeavesNoGhost(@TempDir Path folder) throws Exception {
        assumeThat(Descriptors.nofileHard()).isGreaterThan(OnAShortHeap.HIGH + 100);

        String printed =
                ChildJvm.run(
                        folder,
                        OnAShortHeap.class,
                        ChildJvm.ALLOWED,
                        "-Xmx16m",
                        "-XX:+UseSerialGC");

        for (Bench bench : List.of(Bench.SELECT, Bench.POLL, Bench.KQUEUE, Bench.DEVPOLL)) {
            assertThat(printed.lines()) // One may have the name of another in its own.
                    .contains(
                            bench
                                    + " without a heap: refused, then 0 keys, 0 ready, 0 stale;"
                                    + " again 1 keys, 1 ready, 0 stale;"
                                    + " in the end 0 keys, 0 ready, 0 stale");
        }
        assertThat(printed).contains("EPOLL without a heap: needs none"); // No table by number.
    }

    /// Whoever had no memory for it does it again.
    @Test
    void whatIsRefusedOnAFullHeapIsDoneLater(@TempDir Path folder) throws Exception {
        String printed =
                ChildJvm.run(
                        folder,
                        OnAFullHeap.class,
                        ChildJvm.ALLOWED,
                        "-Xmx16m",
                        "-XX:+UseSerialGC",
                        "-XX:-UseTLAB");

        assertThat(printed.lines())
                .contains(
                        "SELECT without a heap: held: true, descriptors left: 0",
                        "POLL without a heap: held: true, descriptors left: 0",
                        "EPOLL without a heap: held: true, descriptors left: 0",
                        "file without a heap: held: true, 0 ready, 0 stale",
                        "collected without a heap: refused, then 2 ready",
                        "interrupted without a heap: refused, then 2 ready");
    }

    /// A descriptor sends no signal for what came before it was armed: it is reported once.
    @Test
    void whatIsToBeReportedOnceIsReportedWhenThereIsAHeap(@TempDir Path folder) throws Exception {
        assumeThat(Descriptors.nofileHard()).isGreaterThan(OnAShortHeap.HIGH + 100);

        String printed =
                ChildJvm.run(
                        folder,
                        ArmedOnAShortHeap.class,
                        ChildJvm.ALLOWED,
                        "-Xmx16m",
                        "-XX:+UseSerialGC");

        assertThat(printed).contains("without a heap: refused, then 1 ready");
    }
}
