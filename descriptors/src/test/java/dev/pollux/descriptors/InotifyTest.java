package dev.pollux.descriptors;

import static dev.pollux.descriptors.ErrnoAssertions.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Errno;
import dev.pollux.libc.InotifyCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Changes of a directory, in their order.
@Timeout(60)
@ExtendWith(LeakCheck.class)
final class InotifyTest {
    private static final int ALL = 0xfff;

    @TempDir Path folder;

    private static List<Inotify.Event> taken(Inotify changes) throws Exception {
        var events = new ArrayList<Inotify.Event>();
        while (changes.take(events::add) > 0) {
            Thread.onSpinWait();
        }
        return events;
    }

    @Test
    void whatHappensInADirectoryIsToldByName() throws Exception {
        try (Inotify changes = Inotify.open()) {
            int watch = changes.watch(folder, ALL);
            assertThat(changes.watch(folder, ALL)).as("the same").isEqualTo(watch);
            assertThat(changes.take(_ -> {})).isZero();
            Path file = Files.writeString(folder.resolve("文件"), "x");
            Path moved = Files.move(file, folder.resolve("新名"));
            Files.delete(moved);
            Files.createDirectory(folder.resolve("d"));
            List<Inotify.Event> events = taken(changes);
            assertThat(events).allMatch(event -> event.watch() == watch);
            assertThat(events).extracting(Inotify.Event::name).containsOnly("文件", "新名", "d");
            Inotify.Event from = one(events, InotifyCalls.IN_MOVED_FROM);
            Inotify.Event to = one(events, InotifyCalls.IN_MOVED_TO);
            assertThat(from.name()).isEqualTo("文件");
            assertThat(to.name()).isEqualTo("新名");
            assertThat(from.cookie()).isEqualTo(to.cookie()).isNotZero();
            assertThat(one(events, InotifyCalls.IN_CLOSE_WRITE).name()).isEqualTo("文件");
            assertThat(one(events, InotifyCalls.IN_DELETE).name()).isEqualTo("新名");
            assertThat(one(events, InotifyCalls.IN_ISDIR).is(InotifyCalls.IN_CREATE)).isTrue();
            changes.unwatch(watch);
            assertThat(taken(changes))
                    .containsExactly(new Inotify.Event(watch, InotifyCalls.IN_IGNORED, 0, ""));
            assertErrno(Errno.EINVAL, () -> changes.unwatch(watch));
            assertErrno(Errno.ENOENT, () -> changes.watch(folder.resolve("none"), ALL));
        }
    }

    private static Inotify.Event one(List<Inotify.Event> events, int mask) {
        List<Inotify.Event> all = events.stream().filter(event -> event.is(mask)).toList();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    @Test
    void aConsumerThatThrowsLosesWhatItsCallHasTaken() throws Exception {
        try (Inotify changes = Inotify.open()) {
            changes.watch(folder, InotifyCalls.IN_CREATE);
            Files.createFile(folder.resolve("a"));
            Files.createFile(folder.resolve("b"));
            assertThatThrownBy(() ->
                            changes.take(_ -> {
                                throw new IllegalStateException("mine");
                            }))
                    .hasMessage("mine");
            assertThat(changes.take(_ -> {})).isZero();
            Files.createFile(folder.resolve("c"));
            assertThat(taken(changes)).extracting(Inotify.Event::name).containsExactly("c");
        }
    }
}
