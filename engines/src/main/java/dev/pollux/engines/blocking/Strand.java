package dev.pollux.engines.blocking;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// The right to call one protocol, which one thread has at a time, and the tasks that wait for it.
///
/// A thread that is asleep in the kernel cannot be given a task, so it is the turn that belongs to
/// a connection, not the thread: whoever comes first takes it. Tasks run in the order in which they
/// were posted. The thread that gives the turn back first runs tasks, then sends what the callback
/// has written, and then looks for tasks once more, so that none is forgotten by a thread that
/// found the turn taken.
///
/// Only an engine's threads take turns, and never a second one while they have one.
final class Strand {
    /// Tasks in a row before the connection's input has its chance.
    private static final int TASKS_AT_ONCE = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Executor errands;
    private final Consumer<Throwable> failed;

    /// Makes one that nobody has.
    ///
    /// @param errands runs something soon, on a thread of the engine's that has no turn
    /// @param failed is told what a task throws; throws nothing
    Strand(Executor errands, Consumer<Throwable> failed) {
        this.errands = errands;
        this.failed = failed;
    }

    /// Takes the turn for a callback; what it writes leaves when the turn is given back.
    void run(Runnable callback) {
        take();
        try {
            callback.run();
        } finally {
            giveBack();
        }
    }

    /// Waits for the turn.
    void take() {
        lock.lock();
        Cork.mine().begin(this);
    }

    /// Gives the turn back, sends what was written, and looks for tasks.
    void giveBack() {
        finish();
        serve();
    }

    /// Has a task run in the turn, from any thread.
    void post(Runnable task) {
        tasks.add(task);
        Cork mine = Cork.current();
        if (mine == null || !mine.serves(this)) {
            errands.execute(this::serve);
        }
    }

    /// Does something now where the calling thread has the turn, and as a task otherwise: so it
    /// takes effect behind a callback that is going on elsewhere.
    void inOrder(Runnable change) {
        if (lock.isHeldByCurrentThread()) {
            change.run();
        } else {
            post(change);
        }
    }

    /// Runs tasks, unless another thread has the turn: then that one will.
    private void serve() {
        if (tasks.isEmpty() || !lock.tryLock()) {
            return;
        }
        Cork.mine().begin(this);
        finish();
        if (!tasks.isEmpty()) {
            errands.execute(this::serve);
        }
    }

    private void finish() {
        try {
            runTasks();
        } finally {
            lock.unlock();
            Cork.mine().flush();
        }
    }

    private void runTasks() {
        for (int i = 0; i < TASKS_AT_ONCE; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            try {
                task.run();
            } catch (Throwable e) {
                failed.accept(e);
            }
        }
    }
}
