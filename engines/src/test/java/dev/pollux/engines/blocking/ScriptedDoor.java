package dev.pollux.engines.blocking;

import dev.pollux.engines.io.BlockingDoor;
import dev.pollux.engines.io.BlockingWire;
import dev.pollux.engines.shared.Uninterrupted;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Accepts what a test says, and then nobody until it is woken.
final class ScriptedDoor implements BlockingDoor {
    private final Deque<Object> script;
    private final CountDownLatch woken = new CountDownLatch(1);
    final AtomicInteger closings = new AtomicInteger();

    ScriptedDoor(Object... script) {
        this.script = new ConcurrentLinkedDeque<>(List.of(script));
    }

    @Override
    public SocketAddress address() {
        return UnixDomainSocketAddress.of("");
    }

    @Override
    public BlockingWire acceptSleeping() throws IOException {
        Object next = script.poll();
        if (next == null) {
            Uninterrupted.await(woken::await);
            throw new IOException("woken");
        }
        switch (next) {
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> {
                return (BlockingWire) next;
            }
        }
    }

    @Override
    public void wake() {
        woken.countDown();
    }

    @Override
    public void close() {
        closings.incrementAndGet();
    }
}
