package dev.pollux.descriptors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The kernel's three ways to wait for many, without a library around them.
@Timeout(60)
@ExtendWith(LeakCheck.class)
@SuppressWarnings("try") // Closing early is what some of these are about.
final class BareWaitsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static ByteBuffer one() {
        return ByteBuffer.wrap(new byte[] {1});
    }

    @Test
    void selectTellsWhichOfItsListsAreReady() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair();
                Pipe pipe = Pipe.open()) {
            List<OwnedDescriptor> readers = List.of(pair.first(), pipe.source());
            List<OwnedDescriptor> writers = List.of(pair.first(), pipe.sink());
            var idle = Select.select(readers, List.of(), List.of(), Duration.ZERO);
            assertThat(idle.readers()).isEmpty();
            pipe.sink().write(one());
            var ready = Select.select(readers, writers, readers, SOON);
            assertThat(ready.readers()).containsExactly(pipe.source());
            assertThat(ready.writers()).containsExactly(pair.first(), pipe.sink());
            assertThat(ready.exceptional()).isEmpty();
            var again = Select.select(readers, List.of(), List.of(), null);
            assertThat(again.readers()).as("a level").containsExactly(pipe.source());
        }
    }

    @Test
    void selectRefusesWhatIsClosed() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            int fd = pipe.source().fd();
            pipe.source().close();
            assertThatThrownBy(
                            () -> Select.select(List.of(pipe.source()), List.of(), List.of(), null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a PipeSource (closed)");
            List<Descriptor> number = List.of(() -> fd);
            assertThatThrownBy(() -> Select.select(number, List.of(), List.of(), null))
                    .hasMessageContaining("EBADF");
        }
    }

    @Test
    void selectCallsNothingReadyThatIsBeyondTheKernelsTable() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            pipe.sink().write(one());
            List<Descriptor> both = List.of(() -> 1_000_000, pipe.source());
            assertThatThrownBy(() -> Select.select(both, List.of(), List.of(), SOON))
                    .hasMessageContaining("EBADF");
        }
    }

    @Test
    void selectOfNothingSleeps() throws Exception {
        long before = System.nanoTime();
        List<Descriptor> none = List.of();
        var ready = Select.select(none, none, none, Duration.ofMillis(20));
        assertThat(ready.readers()).isEmpty();
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void pollTellsNumbersAndBits() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair();
                Pipe pipe = Pipe.open()) {
            var poll = new Poll();
            poll.register(pair.first(), Poll.POLLIN | Poll.POLLOUT);
            poll.register(pipe.source(), Poll.POLLIN);
            int socket = pair.first().fd();
            assertThat(poll.poll(SOON)).containsExactly(new Polled(socket, Poll.POLLOUT));
            poll.modify(pair.first(), Poll.POLLIN);
            assertThat(poll.poll(Duration.ZERO)).isEmpty();
            pair.second().write(one());
            pipe.sink().close();
            assertThat(poll.poll(null))
                    .containsExactly(
                            new Polled(socket, Poll.POLLIN),
                            new Polled(pipe.source().fd(), Poll.POLLHUP));
            poll.unregister(pair.first());
            assertThatThrownBy(() -> poll.unregister(socket))
                    .isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(() -> poll.modify(socket, Poll.POLLIN))
                    .isInstanceOf(NoSuchElementException.class);
            assertThat(poll.poll(null)).singleElement().matches(each -> each.is(Poll.POLLHUP));
            int closed = pipe.source().fd();
            pipe.source().close();
            assertThat(poll.poll(null)).containsExactly(new Polled(closed, Poll.POLLNVAL));
        }
    }

    @Test
    void epollTellsLevelsEdgesAndOneShots() throws Exception {
        try (Epoll epoll = Epoll.open();
                Pair<StreamSocket> pair = StreamSocket.pair()) {
            int socket = pair.first().fd();
            epoll.register(pair.first(), Epoll.EPOLLIN);
            assertThat(epoll.poll(Duration.ZERO)).isEmpty();
            pair.second().write(one());
            assertThat(epoll.poll(null)).containsExactly(new Polled(socket, Epoll.EPOLLIN));
            assertThat(epoll.poll(null)).as("a level").hasSize(1);
            epoll.modify(pair.first(), Epoll.EPOLLIN | Epoll.EPOLLET);
            assertThat(epoll.poll(null)).as("armed anew").hasSize(1);
            assertThat(epoll.poll(Duration.ZERO)).as("told already").isEmpty();
            epoll.modify(socket, Epoll.EPOLLIN | Epoll.EPOLLONESHOT);
            assertThat(epoll.poll(null)).hasSize(1);
            pair.second().write(one());
            assertThat(epoll.poll(Duration.ZERO)).as("told once").isEmpty();
            assertErrno(Errno.EEXIST, () -> epoll.register(socket, Epoll.EPOLLIN));
            epoll.unregister(pair.first());
            assertErrno(Errno.ENOENT, () -> epoll.unregister(socket));
            epoll.close();
            assertThatThrownBy(() -> epoll.poll(Duration.ZERO))
                    .isInstanceOf(ClosedChannelException.class);
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    private static void assertErrno(int errno, Call call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    @Test
    void epollBringsNoMoreThanAskedForAndTheOthersNext() throws Exception {
        var pipes = new ArrayList<Pipe>();
        try (Epoll epoll = Epoll.open()) {
            for (int i = 0; i < 5; i++) {
                Pipe pipe = Pipe.open();
                pipes.add(pipe);
                pipe.sink().write(one());
                epoll.register(pipe.source(), Epoll.EPOLLIN | Epoll.EPOLLET);
            }
            var seen = new HashSet<Integer>();
            for (int left = 5; left > 0; left -= 2) {
                List<Polled> ready = epoll.poll(Duration.ZERO, 2);
                assertThat(ready).hasSize(Math.min(left, 2));
                ready.forEach(each -> seen.add(each.fd()));
            }
            assertThat(seen)
                    .isEqualTo(Set.copyOf(pipes.stream().map(each -> each.source().fd()).toList()));
        } finally {
            for (Pipe pipe : pipes) {
                pipe.close();
            }
        }
    }

    @Test
    void aVirtualThreadMayAskAndNotWait() throws Exception {
        try (Epoll epoll = Epoll.open()) {
            var told = new CompletableFuture<List<Throwable>>();
            Thread.ofVirtual()
                    .start(() -> {
                        var thrown = new ArrayList<Throwable>();
                        for (Call call : calls(epoll)) {
                            try {
                                call.run();
                            } catch (Throwable t) {
                                thrown.add(t);
                            }
                        }
                        told.complete(thrown);
                    });
            assertThat(told.get(30, TimeUnit.SECONDS))
                    .hasSize(3)
                    .allMatch(IllegalStateException.class::isInstance);
        }
    }

    private static List<Call> calls(Epoll epoll) {
        List<Descriptor> none = List.of();
        return List.of(
                () -> epoll.poll(null),
                () -> epoll.poll(Duration.ZERO),
                () -> new Poll().poll(SOON),
                () -> new Poll().poll(Duration.ZERO),
                () -> Select.select(none, none, none, SOON),
                () -> Select.select(none, none, none, Duration.ZERO));
    }
}
