package dev.pollux.selectors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.Platform;
import dev.pollux.libc.Sockets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;

/// Finds out whether signals of descriptors work here: one socket sends one, and a thread that
/// nobody else uses takes it.
final class SigioTrial {
    private static final long DEADLINE_NANOS = 1_000_000_000;
    private static final int GENERATION = 1;

    private SigioTrial() {}

    static Optional<String> whyNot() {
        return whyNot(Thread.ofPlatform().daemon().name("sigio-trial").factory());
    }

    static Optional<String> whyNot(ThreadFactory threads) {
        try {
            NativeAccess.require();
        } catch (ErrnoException | UnsupportedOperationException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        if (!Platform.current().isLinux()) {
            return Optional.of("signals that name their descriptor (F_SETSIG) need Linux");
        }
        var verdict = new CompletableFuture<Optional<String>>();
        Runnable trial =
                () -> {
                    try {
                        verdict.complete(run());
                    } catch (ErrnoException e) {
                        verdict.complete(Optional.of(String.valueOf(e.getMessage())));
                    } catch (Throwable t) {
                        verdict.completeExceptionally(t);
                    }
                };
        try {
            threads.newThread(trial).start();
        } catch (OutOfMemoryError e) {
            return Optional.of("no thread to try signals in: " + e.getMessage());
        }
        return verdict.join();
    }

    private static Optional<String> run() throws ErrnoException {
        int[] ends = new int[2];
        int type = Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK;
        ErrnoException.check(Sockets.socketpair(Sockets.AF_UNIX, type, ends), "socketpair", -1);
        SigioPoller poller = null;
        try {
            poller = SigioPoller.open();
            poller.begin();
            return run(poller, ends);
        } finally {
            if (poller != null) {
                poller.close();
            }
            int _ = Descriptors.close(ends[0]);
            int _ = Descriptors.close(ends[1]);
        }
    }

    private static Optional<String> run(SigioPoller poller, int[] ends) throws ErrnoException {
        int added = poller.add(ends[0], Selector.READ, Trigger.EDGE, GENERATION);
        ErrnoException.check(added, poller.changeCall(), ends[0]);
        int _ = poller.await(0); // What was armed is reported once, signal or not.
        long octet = Memory.allocateZeroed(1);
        int sent = Descriptors.write(ends[1], octet, 1);
        Memory.free(octet);
        ErrnoException.check(sent, "write", ends[1]);
        int came = ErrnoException.check(poller.await(DEADLINE_NANOS), poller.waitCall(), ends[0]);
        return came == 1 && poller.readyFd(0) == ends[0]
                ? Optional.empty()
                : Optional.of("a socket became readable, and sent no signal");
    }
}
