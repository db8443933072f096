package dev.pollux.engines.blocking;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The threads of a pool of fixed size, and the queue of what waits for one of them.
///
/// A thread is made when there is something for it to do. Where the system gives no more of them,
/// the pool stays as small as it is: the JDK's pool would refuse all work from then on, even while
/// its threads are idle.
final class Workers {
    private final ThreadPoolExecutor pool;

    /// Makes a pool without threads.
    ///
    /// @param most how many threads, 1 or more
    /// @param threads makes them
    Workers(int most, ThreadFactory threads) {
        pool =
                new ThreadPoolExecutor(
                        most, most, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
    }

    /// Has something done by the next worker that is free.
    ///
    /// @throws OutOfMemoryError when there is no worker, and the system has no thread to give
    void execute(Runnable work) {
        try {
            pool.execute(work);
        } catch (OutOfMemoryError e) {
            if (pool.getPoolSize() == 0) {
                throw e;
            }
            pool.getQueue().add(work);
        }
    }

    /// {@return how much work waits for a worker}
    int waiting() {
        return pool.getQueue().size();
    }

    /// {@return the work that waits for a worker, which it does not any more}
    List<Runnable> dismissWaiting() {
        List<Runnable> waiting = new ArrayList<>();
        pool.getQueue().drainTo(waiting);
        return waiting;
    }

    /// No more work comes: the threads end when they have done theirs.
    void close() {
        pool.shutdown();
    }

    /// Waits until all work is done, after [#close()].
    ///
    /// @throws InterruptedException when the waiting thread is interrupted
    void join() throws InterruptedException {
        var _ = pool.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }
}
