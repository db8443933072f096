package dev.pollux.engines.blocking;

import dev.pollux.engines.shared.Troubles;
import dev.pollux.engines.shared.Uninterrupted;
import dev.pollux.libc.SystemCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All threads of a [BlockingEngine], and the one thing in which the four models differ: which
/// thread serves a connection.
final class Threads {
    /// Of the 1 MiB that the JVM reserves otherwise: a callback is shallow. Only what is touched
    /// takes memory.
    private static final long STACK_BYTES = 256 * 1024;

    /// How long a thread rests that finds no memory to begin with.
    private static final long REST_NANOS = 10_000_000;

    private static final long WRITER_IDLE_SECONDS = 5;

    /// What threads begin with, made before there may be no memory for it.
    private final Runnable corking = this::cork;

    private final Runnable enlisting = this::enlist;

    private final Runnable remembering = this::rememberCurrent;

    private final Serving serving;
    private final Troubles troubles;

    /// Starts a thread, or throws what says that the system gives none.
    private final Consumer<Thread> starter;

    private final String prefix;
    private final AtomicInteger numbers = new AtomicInteger();

    /// Threads to wait for at the end, some of which may have ended. Guarded by itself.
    private final List<Thread> threads = new ArrayList<>();

    /// When so many are listed, those that have ended are dropped.
    private int pruneAt = 64;

    /// The counters of the threads that run now. Guarded by `ended`.
    private final Set<SystemCalls> running = new HashSet<>();

    /// What threads that have ended have called. Guarded by itself.
    private final Map<String, Long> ended = new TreeMap<>();

    /// Runs errands and timers: one thread.
    private final ScheduledThreadPoolExecutor errands;

    /// Threads that sleep in sends, as many as there are slow peers.
    private final ThreadPoolExecutor writers;

    /// The workers of the pool; null in the other models.
    private final @Nullable Workers pool;

    /// Makes the threads of an engine.
    ///
    /// @param name of the model
    /// @param serving who serves a connection
    /// @param workers how many threads the pool has, where there is one
    /// @param troubles is told of errands that fail
    /// @param starter starts a thread, or throws what says that the system gives none
    Threads(
            String name,
            Serving serving,
            int workers,
            Troubles troubles,
            Consumer<Thread> starter) {
        this.serving = serving;
        this.troubles = troubles;
        this.starter = starter;
        this.prefix = "pollux-" + name + "-";
        this.errands = new ScheduledThreadPoolExecutor(1, work -> member("errands", work));
        errands.setRemoveOnCancelPolicy(true);
        errands.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        errands.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        errands.prestartCoreThread(); // From now on the process lives until the engine has stopped.
        this.writers =
                new ThreadPoolExecutor(
                        0,
                        Integer.MAX_VALUE,
                        WRITER_IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        work -> member("writer", work));
        this.pool =
                serving == Serving.BY_WORKER
                        ? new Workers(workers, work -> member("worker", work))
                        : null;
    }

    /// {@return a thread for one of the executors} It is remembered when it runs: where the system
    /// gives none, the executor has one made for each attempt, and tells nobody that it was in
    /// vain.
    private Thread member(String role, Runnable work) {
        return platform(
                role,
                () -> {
                    insist(remembering);
                    work.run();
                });
    }

    private Thread platform(String role, Runnable work) {
        return Thread.ofPlatform()
                .name(prefix + role + "-" + numbers.getAndIncrement())
                .daemon(false) // Whoever opens the engine may be one.
                .stackSize(STACK_BYTES)
                .unstarted(() -> runCounted(work));
    }

    private Thread virtual(String role, Runnable work) {
        return Thread.ofVirtual()
                .name(prefix + role + "-" + numbers.getAndIncrement())
                .unstarted(() -> {
                    insist(corking);
                    work.run();
                });
    }

    private void remember(Thread thread) {
        synchronized (threads) {
            if (threads.size() >= pruneAt) {
                threads.removeIf(known -> known.getState() == Thread.State.TERMINATED);
                pruneAt = 2 * threads.size() + 64;
            }
            threads.add(thread);
        }
    }

    private void cork() {
        Cork.enlist(this);
    }

    private void rememberCurrent() {
        remember(Thread.currentThread());
    }

    private void enlist() {
        cork();
        SystemCalls calls = SystemCalls.current();
        synchronized (ended) {
            running.add(calls);
        }
    }

    /// Does what a thread begins with, as soon as there is memory for it: what it is to do would be
    /// lost with it, and an executor would count on it for ever.
    static void insist(Runnable beginning) {
        boolean done = false;
        while (!done) {
            try {
                beginning.run();
                done = true;
            } catch (OutOfMemoryError _) {
                Uninterrupted.pause(REST_NANOS);
            }
        }
    }

    private void runCounted(Runnable work) {
        insist(enlisting);
        SystemCalls calls = SystemCalls.current();
        try {
            work.run();
        } finally {
            synchronized (ended) {
                running.remove(calls);
                add(calls, ended);
            }
        }
    }

    private static void add(SystemCalls calls, Map<String, Long> sum) {
        calls.snapshot().forEach((name, count) -> sum.merge(name, count, Long::sum));
    }

    /// {@return the system calls of all threads, by name}
    Map<String, Long> systemCalls() {
        synchronized (ended) {
            Map<String, Long> sum = new TreeMap<>(ended);
            running.forEach(calls -> add(calls, sum));
            return sum;
        }
    }

    /// {@return whether the calling thread is one of these}
    boolean isCurrent() {
        return Cork.isOf(this);
    }

    /// Has something done by the errand thread; nothing happens once the engine has stopped.
    void errand(Runnable task) {
        errands.execute(guarded(task));
    }

    /// Has something done by the errand thread, after a delay.
    ///
    /// @return what cancels it
    Future<?> schedule(Runnable task, long nanos) {
        return errands.schedule(guarded(task), nanos, TimeUnit.NANOSECONDS);
    }

    /// An executor would keep to itself what a task throws.
    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable e) {
                troubles.tell("an errand failed", e);
            }
        };
    }

    /// Starts a thread of its own for something that lasts.
    ///
    /// @param role what the thread is called
    /// @param work what it does; calls of the C library only where `parks` is false
    /// @param parks whether it does all its waiting in the JDK, so that a virtual thread will do
    /// @throws IOException when the system has no thread to give
    void start(String role, Runnable work, boolean parks) throws IOException {
        Thread thread = parks ? virtual(role, work) : platform(role, work);
        remember(thread);
        try {
            starter.accept(thread);
        } catch (OutOfMemoryError e) {
            forget(thread);
            throw new IOException(e.getMessage(), e);
        }
    }

    private void forget(Thread thread) {
        synchronized (threads) {
            threads.remove(thread);
        }
    }

    /// Has a connection served, by the thread that the model gives it.
    ///
    /// @throws IOException when the system has no thread to give
    void serve(Runnable connection) throws IOException {
        switch (serving) {
            case BY_ACCEPTOR -> connection.run();
            case BY_WORKER -> queue(connection);
            case BY_THREAD, BY_VIRTUAL_THREAD -> start("connection", connection, serving.parks());
        }
    }

    private void queue(Runnable connection) throws IOException {
        try {
            Objects.requireNonNull(pool).execute(connection);
        } catch (OutOfMemoryError e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /// Has something sent by a thread that may sleep.
    ///
    /// @param writer what it does
    /// @param inKernel whether it sleeps in the kernel, not in the JDK
    /// @throws OutOfMemoryError when the system has no thread to give
    void write(Runnable writer, boolean inKernel) {
        if (inKernel) {
            writers.execute(writer);
        } else {
            Thread.startVirtualThread(writer);
        }
    }

    /// {@return how many connections wait for a thread}
    int waiting() {
        return pool == null ? 0 : pool.waiting();
    }

    /// {@return the connections that wait for a thread, which they do not any more}
    List<Runnable> dismissWaiting() {
        return pool == null ? List.of() : pool.dismissWaiting();
    }

    /// No more work comes: the threads end when they have done theirs.
    void close() {
        if (pool != null) {
            pool.close();
        }
        writers.shutdown();
        errands.shutdown();
    }

    /// Waits until all threads but the calling one have ended, after [#close()].
    ///
    /// @throws InterruptedException when the waiting thread is interrupted
    @SuppressWarnings("ReferenceEquality") // a thread is only ever itself
    void join() throws InterruptedException {
        if (!isCurrent()) {
            awaitMembers();
        }
        List<Thread> all;
        synchronized (threads) {
            all = List.copyOf(threads);
        }
        for (Thread thread : all) {
            if (thread != Thread.currentThread()) {
                thread.join();
            }
        }
    }

    /// Waits until those of the executors have done their work, and so are remembered.
    private void awaitMembers() throws InterruptedException {
        if (pool != null) {
            pool.join();
        }
        var _ = writers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        var _ = errands.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }
}
