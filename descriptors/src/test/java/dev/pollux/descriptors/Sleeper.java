package dev.pollux.descriptors;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Call;
import dev.pollux.libc.SignalCalls;
import dev.pollux.libc.SystemCalls;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// A thread that does what may wait.
final class Sleeper {
    static final int SECONDS = 30;

    /// The one by which the JDK wakes threads out of its sockets: a handler that does nothing, and
    /// after which no call goes on by itself (no `SA_RESTART`).
    private static final int WAKES_JDK = 62;

    interface Work {
        Object run() throws Exception;
    }

    final CompletableFuture<Object> result = new CompletableFuture<>();
    private final CompletableFuture<SystemCalls> calls = new CompletableFuture<>();
    private volatile int tid;

    Sleeper(Work work) {
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    tid = SignalCalls.gettid();
                    calls.complete(SystemCalls.current());
                    try {
                        result.complete(work.run());
                    } catch (Throwable t) {
                        result.completeExceptionally(t);
                    }
                });
    }

    Object result() throws Exception {
        return result.get(SECONDS, TimeUnit.SECONDS);
    }

    /// Returns once the call has been counted, which is right before it is made.
    void awaitCall(Call call) throws Exception {
        SystemCalls ofSleeper = calls.get(SECONDS, TimeUnit.SECONDS);
        while (ofSleeper.count(call) == 0) {
            Thread.onSpinWait();
        }
    }

    /// Returns once the kernel says that the thread sleeps behind such a call.
    void awaitSleep(Call call) throws Exception {
        awaitCall(call);
        awaitSleep();
    }

    private void awaitSleep() throws Exception {
        Path stat = Path.of("/proc/self/task/" + tid + "/stat");
        while (!Files.readString(stat).contains(") S ")) {
            Thread.onSpinWait();
        }
    }

    /// Interrupts the sleep with signals.
    void signal(int times) throws Exception {
        Class.forName("sun.nio.ch.NativeThread", true, null); // It sets the handler.
        for (int i = 0; i < times && !result.isDone(); i++) {
            awaitSleep();
            SignalCalls.tgkill(tid, WAKES_JDK);
        }
    }

    void assertWokenByClose() {
        assertThatThrownBy(this::result)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(AsynchronousCloseException.class);
    }
}
