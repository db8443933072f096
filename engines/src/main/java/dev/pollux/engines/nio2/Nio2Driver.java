package dev.pollux.engines.nio2;

import dev.pollux.engines.io.NativeBuffer;
import dev.pollux.engines.loop.Connection;
import dev.pollux.engines.loop.Driver;
import dev.pollux.engines.loop.Loop;
import java.io.IOException;
import java.util.ArrayDeque;

/// Asynchronous with the JDK's channels: the threads of a [Nio2Group] receive, and the loop's
/// thread is told when they have, through a [CompletionQueue]. What the protocols then write is
/// sent by the loop's thread itself as far as the socket takes it.
///
/// On Linux there is no asynchronous I/O in this: the JDK waits with `epoll_wait(2)`, one shot per
/// operation, and receives when that reports a socket ready. Compared with waiting in a selector a
/// message costs two threads instead of one, and a system call to arm the next wait.
///
/// Why it is made so: `docs/mechanisms.md`, "nio2".
public final class Nio2Driver implements Driver {
    /// How large the buffers are that are lent for input that does not end and for small pieces of
    /// output.
    private static final int LENT_BYTES = 64 * 1024;

    /// Lent buffers that are kept at most when nobody needs them.
    private static final int IDLE_MAX = 16;

    /// How long the end of the loop waits for operations to complete whose channels are closed.
    private static final long DRAIN_NANOS = 10_000_000_000L;

    private final Loop loop;
    private final Nio2Group group;
    private final CompletionQueue completions = new CompletionQueue();

    /// Buffers that nobody needs.
    private final ArrayDeque<NativeBuffer> idle = new ArrayDeque<>();

    /// Operations that have begun and are not over.
    private int underWay;

    Nio2Driver(Loop loop, Nio2Group group) {
        this.loop = loop;
        this.group = group;
    }

    /// {@return how many bytes a connection receives at a time at most}
    int receiveBytes() {
        return Math.min(LENT_BYTES, loop.limits().receiveBufferBytes());
    }

    /// An operation begins: the end of the loop waits for it.
    void begun() {
        underWay++;
    }

    /// One that has begun is over: the loop serves its completion, or nobody will wait for that, as
    /// the JDK threw when it was asked for it. Then it may complete all the same.
    void over() {
        underWay--;
    }

    /// {@return how many operations have begun that are not over}
    int underWay() {
        return underWay;
    }

    /// Starts a virtual thread, or throws what says that there is none.
    void start(Runnable task) {
        group.start(Thread.ofVirtual().unstarted(task));
    }

    /// An operation has completed; any thread.
    ///
    /// @param completion what the loop shall do about it
    void completed(Runnable completion) {
        completions.add(completion);
    }

    /// {@return a buffer of [#LENT_BYTES]}
    public NativeBuffer lend() {
        NativeBuffer buffer = idle.poll();
        return buffer == null ? NativeBuffer.allocate(LENT_BYTES) : buffer;
    }

    /// Takes a lent buffer back.
    public void giveBack(NativeBuffer buffer) {
        if (idle.size() < IDLE_MAX) {
            idle.push(buffer);
        } else {
            buffer.free();
        }
    }

    @Override
    public void begin() {
        // The group's threads run since it was opened.
    }

    @Override
    public void await(long timeoutNanos) {
        completions.await(timeoutNanos);
        for (Runnable next = completions.next(); next != null; next = completions.next()) {
            loop.eventCame();
            next.run();
        }
    }

    @Override
    public void wakeup() {
        completions.wakeup();
    }

    @Override
    public void opened(Connection connection) {
        ((Nio2Socket) connection.wire()).opened(this, connection);
    }

    @Override
    public void watch(Connection connection, int known, int wanted, boolean edge) {
        ((Nio2Socket) connection.wire()).watch(wanted);
    }

    @Override
    public void forget(Connection connection) {
        ((Nio2Socket) connection.wire()).watch(0);
    }

    @Override
    public void sendPending() {
        // What was not sent at once waits for the peer, and for nobody else.
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (underWay > 0 && System.nanoTime() < deadline) {
            await(DRAIN_NANOS);
        }
        idle.forEach(NativeBuffer::free);
        idle.clear();
        try {
            group.left();
        } catch (IOException e) {
            loop.troubles().tell("the end of a channel group failed", e);
        }
    }
}
