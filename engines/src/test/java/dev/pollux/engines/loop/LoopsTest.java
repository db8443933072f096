package dev.pollux.engines.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.engines.Limits;
import dev.pollux.engines.models.IoModel;
import dev.pollux.engines.uring.UringModel;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Loops are opened all or none, added one at a time, and not any more once they are complete.
@Timeout(60)
final class LoopsTest {
    /// Waits for nothing but to be woken.
    private static final class Sleeper implements Driver {
        private final Object lock = new Object();
        private boolean woken;
        private boolean closed;

        @Override
        public void begin() {
            // Nothing to prepare.
        }

        @Override
        public void await(long timeoutNanos) {
            synchronized (lock) {
                while (!woken && timeoutNanos != 0) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
                woken = false;
            }
        }

        @Override
        public void wakeup() {
            synchronized (lock) {
                woken = true;
                lock.notifyAll();
            }
        }

        @Override
        public void opened(Connection connection) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void watch(Connection connection, int known, int wanted, boolean edge) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void forget(Connection connection) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void sendPending() {
            // Nothing is sent.
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final List<Sleeper> drivers = new ArrayList<>();
    private LoopEngine engine;

    @BeforeEach
    void open() throws IOException {
        engine = (LoopEngine) IoModel.NONBLOCKING.open(Limits.DEFAULT);
        engine.close();
    }

    private Loop loop(int number) throws IOException {
        if (number == 3) {
            throw new ErrnoException(Errno.EMFILE, "open", -1);
        }
        Sleeper driver = new Sleeper();
        drivers.add(driver);
        return new Loop(engine, new UringModel(_ -> driver), Limits.DEFAULT, number);
    }

    private static void end(Loops loops) throws InterruptedException {
        for (Loop loop : loops.all()) {
            loop.hand(() -> loop.stop(Limits.DEFAULT.stopTimeout()), 0);
        }
        loops.join();
    }

    @Test
    void allAreOpenedOrNone() {
        assertThatThrownBy(() -> new Loops(4, this::loop, Thread::start))
                .isInstanceOf(ErrnoException.class);
        assertThat(drivers).hasSize(3).allMatch(driver -> driver.closed);
    }

    @Test
    void withoutAThreadAFurtherLoopIsGivenBack() throws Exception {
        AtomicBoolean given = new AtomicBoolean(true);
        Consumer<Thread> starter =
                thread -> {
                    if (!given.get()) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    thread.start();
                };
        Loops loops = new Loops(1, this::loop, starter);
        loops.start();
        given.set(false);
        assertThatThrownBy(() -> loops.grow(1)).isInstanceOf(IOException.class);
        assertThat(loops.count()).isEqualTo(1);
        assertThat(drivers.getLast().closed).isTrue();
        given.set(true);
        assertThat(loops.grow(1)).isTrue();
        end(loops);
        assertThat(drivers).hasSize(3).allMatch(driver -> driver.closed);
    }

    @Test
    void oneIsAddedForAllWhoKnowTheSame() throws Exception {
        Loops loops = new Loops(1, this::loop, Thread::start);
        loops.start();
        assertThat(loops.grow(1)).isTrue();
        assertThat(loops.grow(1)).isTrue();
        assertThat(loops.count()).isEqualTo(2);
        assertThat(loops.grow(2)).isTrue();
        assertThat(loops.all()).extracting(Loop::number).containsExactly(0, 1, 2);
        assertThatThrownBy(() -> loops.grow(3)).isInstanceOf(ErrnoException.class);
        assertThat(loops.count()).isEqualTo(3);
        assertThat(loops.isCurrent()).isFalse();
        end(loops);
        assertThat(drivers).allMatch(driver -> driver.closed);
    }

    @Test
    void onceCompleteTheyAreNotFollowedByOthers() throws Exception {
        Loops loops = new Loops(1, this::loop, Thread::start);
        loops.start();
        loops.complete();
        assertThat(loops.grow(1)).isFalse();
        assertThat(loops.grow(0)).isTrue();
        assertThat(loops.count()).isEqualTo(1);
        end(loops);
    }
}
