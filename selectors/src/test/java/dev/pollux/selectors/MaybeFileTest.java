package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Descriptors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A regular file that is expected is always ready, at its end too: who waits must learn of that.
@ParameterizedClass
@EnumSource(value = Bench.class, mode = EnumSource.Mode.EXCLUDE, names = "NIO")
@Timeout(60)
class MaybeFileTest {
    private static final int BOTH = Selector.READ | Selector.WRITE;

    private final Bench bench;

    @RegisterExtension final Scene<Poller, DescriptorEnd> scene;
    private final Selector<String> selector;
    private final DescriptorEnd near;
    private final DescriptorEnd far;
    private int file;

    @TempDir Path folder;

    MaybeFileTest(Bench bench) {
        this.bench = bench;
        scene = Scene.over(bench::poller);
        selector = scene.selector;
        near = scene.near;
        far = scene.far;
    }

    @BeforeEach
    void openAnEmptyFile() throws Exception {
        String path = Files.createFile(folder.resolve("文件")).toString();
        file = DescriptorEnd.check(Descriptors.open(path, Descriptors.O_RDWR, 0));
    }

    @AfterEach
    void closeIt() {
        Descriptors.close(file);
    }

    @Test
    void aFileAtItsEndIsReadyAgainAndAgain() throws Exception {
        var key = selector.register(new MaybeFile(file), Selector.READ, "文件");
        for (int i = 0; i < 3; i++) {
            assertThat(selector.select()).containsExactly(new Ready<>(key, Selector.READ));
        }
        selector.modify(file, BOTH);
        scene.assertReported(BOTH);
        selector.modify(file, Selector.WRITE);
        scene.assertReported(Selector.WRITE);
        selector.modify(file, Interest.oneShot(Selector.READ), null);
        scene.assertReported(Selector.READ);
        scene.assertNothing();
        selector.modify(file, Interest.oneShot(BOTH), null);
        scene.assertReported(BOTH);
        scene.assertNothing();
        selector.unregister(file);
        scene.assertNothing();
    }

    @Test
    void aFileHasOneEdge() throws Exception {
        if (bench != Bench.EPOLL && bench != Bench.KQUEUE) {
            return; // The others know states only.
        }
        selector.register(new MaybeFile(file), Interest.edge(BOTH), null);
        scene.assertReported(BOTH);
        scene.assertNothing();
    }

    /// The wait would go on and on about what nobody asks for.
    @Test
    void aFileThatIsWatchedForNothingItBecomesDisturbsNoWait() throws Exception {
        selector.register(new MaybeFile(file), Selector.READ);
        selector.modify(file, Interest.level(Selector.PRIORITY), null);
        long before = selector.statistics().waits();
        assertThat(selector.select(Duration.ofMillis(20))).isEmpty();
        assertThat(selector.statistics().waits() - before).isLessThan(100);

        selector.modify(file, Selector.READ);
        scene.assertReported(Selector.READ);
    }

    /// On epoll another descriptor stands for a file, with the lowest number that is free.
    @Test
    void aFileIsReportedThoughWhatStandsForItHasANumberThatWasRegistered() throws Exception {
        int closed = DescriptorEnd.check(Descriptors.dup(near.fd()));
        int changed = DescriptorEnd.check(Descriptors.dup(near.fd()));
        selector.register(closed, Selector.READ);
        selector.register(changed, Selector.READ);
        Descriptors.close(changed);
        Descriptors.close(closed);
        var key = selector.register(new MaybeFile(file), Selector.READ);
        selector.unregister(closed);
        assertThat(selector.select(Duration.ZERO)).contains(new Ready<>(key, Selector.READ));

        selector.unregister(file);
        selector.register(new MaybeFile(file), Selector.READ);
        selector.unregister(changed);
        scene.assertReported(Selector.READ);
    }

    @Test
    void whatIsNoFileIsWatchedAsUsual() throws Exception {
        selector.register(new MaybeFile(near.fd()), Selector.READ);
        scene.assertNothing();
        far.send("x");
        scene.assertReported(Selector.READ);
    }

    @Test
    void aFileCanBeRegisteredAgain() throws Exception {
        for (int i = 0; i < 3; i++) {
            selector.register(new MaybeFile(file), Selector.READ);
            scene.assertReported(Selector.READ);
            selector.unregister(file);
        }
        scene.assertNothing();
    }
}
