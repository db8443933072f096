package dev.pollux.engines.nio2;

import dev.pollux.engines.loop.Loop;
import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The JDK's channel group of one engine: an epoll descriptor, a pipe to wake its threads up, and
/// as many of these threads as the engine has loops. They wait, receive, and run the completion
/// handlers, which do no more than to hand the completions to the loops ([Nio2Driver]).
///
/// One group for all loops, because a connection belongs to the group of the door that has accepted
/// it, whichever loop it is dealt to. Opened with the first loop, shut down by the last one to end,
/// which waits until its threads have ended and its descriptors are closed.
final class Nio2Group {
    private static final long END_SECONDS = 10;

    private final int threads;

    /// Starts a thread that is not the JDK's, or throws what says that the system gives none.
    private final Consumer<Thread> starter;

    private final AtomicInteger loops = new AtomicInteger();

    /// Its threads, all of them made as it is opened.
    private final List<Thread> members = new CopyOnWriteArrayList<>();

    private @Nullable AsynchronousChannelGroup group;

    /// Prepares a group.
    ///
    /// @param threads how many threads it shall have
    /// @param starter starts those of the connections whose peers take no more
    Nio2Group(int threads, Consumer<Thread> starter) {
        this.threads = threads;
        this.starter = starter;
    }

    /// Starts a thread, or throws what says that there is none.
    void start(Thread thread) {
        starter.accept(thread);
    }

    /// Opens the driver of a loop. All are opened by one thread, before any of their loops runs.
    Nio2Driver driver(Loop loop) throws IOException {
        AsynchronousChannelGroup opened = group;
        if (opened == null) {
            opened = AsynchronousChannelGroup.withFixedThreadPool(threads, this::newThread);
            group = opened;
        }
        loops.incrementAndGet();
        return new Nio2Driver(loop, this);
    }

    /// {@return a new listening channel of the group, not bound}
    ///
    /// @throws IllegalStateException when the group is shut down: the JDK would lose a descriptor
    synchronized AsynchronousServerSocketChannel openDoor() throws IOException {
        AsynchronousChannelGroup opened = Objects.requireNonNull(group);
        if (opened.isShutdown()) {
            throw new IllegalStateException("the engine has stopped");
        }
        return AsynchronousServerSocketChannel.open(opened);
    }

    private Thread newThread(Runnable task) {
        Thread member =
                Thread.ofPlatform()
                        .daemon(false) // Whoever opens the engine may be one.
                        .name("pollux-nio2-group-" + members.size())
                        .unstarted(task);
        members.add(member);
        return member;
    }

    /// A loop has ended, and every operation of its channels.
    ///
    /// @throws IOException when the group cannot be shut down
    void left() throws IOException {
        if (loops.decrementAndGet() == 0) {
            shutDown();
        }
    }

    private void shutDown() throws IOException {
        AsynchronousChannelGroup opened = Objects.requireNonNull(group);
        synchronized (this) {
            opened.shutdownNow();
        }
        Thread.interrupted(); // A loop is ended by its engine, and ends in order.
        try {
            if (!opened.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the threads of the JDK's channel group do not end");
            }
            for (Thread member : members) {
                member.join(); // Terminated is said by the last one, shortly before its end.
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }
}
