package dev.pollux.selectors;

import dev.pollux.libc.ErrnoException;

/// Run over a simulated kernel: the queue of signals overflows, that of a listener is among those
/// that are lost, and each of the waits that follow is interrupted once.
final class LostSignals {
    private static final int WAITS = 8;
    private static final int SIGNALS = 2_000;

    private LostSignals() {}

    public static void main(String[] arguments) throws Exception {
        for (int interrupted = 1; interrupted <= WAITS; interrupted++) {
            if (!isFound(interrupted)) {
                throw new AssertionError("not found with wait " + interrupted + " interrupted");
            }
        }
        System.out.println("found, whichever wait was interrupted");
    }

    private static boolean isFound(int interrupted) throws ErrnoException {
        var chance = new Chance(1);
        var baton = new Baton(chance, () -> {}, () -> false);
        var kernel = new SimulatedKernel(baton, chance, new Trace());
        SimulatedCalls.baton = baton;
        SimulatedCalls.kernel = kernel;
        SigioPoller poller = SigioPoller.open();
        poller.begin();
        try (Selector<String> selector = Selector.over(poller)) {
            int listener = kernel.openForUser(SimulatedFile.Kind.LISTENER, 0);
            int socket = kernel.openForUser(SimulatedFile.Kind.SOCKET, 0);
            selector.register(listener, Selector.READ);
            selector.register(socket, Interest.edge(Selector.READ), null);
            boolean[] found = {false};
            int _ = selector.select(0, (_, _) -> {});
            for (int i = 0; i < SIGNALS; i++) {
                kernel.file(socket).happen(SimulatedFile.IN);
            }
            kernel.file(listener).happen(SimulatedFile.IN);
            kernel.interrupt(interrupted);
            for (int i = 0; i < WAITS; i++) {
                int _ = selector.select(0, (key, _) -> found[0] |= key.fd() == listener);
            }
            return found[0];
        }
    }
}
