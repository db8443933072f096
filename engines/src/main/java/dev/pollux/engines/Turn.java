package dev.pollux.engines;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/// The right to call one protocol, which one thread has at a time, and the tasks that wait for it.
///
/// A thread that is asleep in the kernel cannot be given a task, so it is the turn that belongs to
/// a connection, not the thread: whoever comes first takes it. Tasks run in the order in which they
/// were posted. Who gives the turn back looks for tasks once more, so that none is forgotten by a
/// thread that found the turn taken.
///
/// Never is a second turn taken by a thread that has one.
final class Turn {
    /// Tasks in a row before the connection's input has its chance.
    private static final int TASKS_AT_ONCE = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /// Waits for the turn.
    void take() {
        lock.lock();
    }

    /// {@return whether the turn could be had at once}
    boolean tryTake() {
        return lock.tryLock();
    }

    /// {@return whether the calling thread has it}
    boolean isMine() {
        return lock.isHeldByCurrentThread();
    }

    void giveBack() {
        lock.unlock();
    }

    /// Adds a task, from any thread.
    void post(Runnable task) {
        tasks.add(task);
    }

    boolean hasTasks() {
        return !tasks.isEmpty();
    }

    /// Runs tasks; the caller has the turn.
    void runTasks() {
        assert lock.isHeldByCurrentThread() : "tasks without the turn";
        for (int i = 0; i < TASKS_AT_ONCE; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            task.run();
        }
    }
}
