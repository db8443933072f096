package dev.pollux.selectors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import dev.pollux.libc.SignalCalls;
import dev.pollux.libc.SignalfdCalls;
import java.util.ArrayDeque;
import java.util.Deque;

/// The signals that wait for the one thread of a simulation that takes them, signal(7): lower
/// numbers first; a real-time signal for which there is no room becomes a bare `SIGIO`.
final class SimulatedSignals {
    static final int RT_MIN = 34;

    /// One that waits.
    record Signal(int number, int code, int fd, int band) {}

    private final int tid;
    private final int roomFor;
    private final Deque<Signal> realTime = new ArrayDeque<>();
    private boolean lost;
    private boolean woken;

    SimulatedSignals(int tid, int roomFor) {
        this.tid = tid;
        this.roomFor = roomFor;
    }

    boolean isEmpty() {
        return realTime.isEmpty() && !lost && !woken;
    }

    void wake() {
        woken = true;
    }

    /// {@return the next, null if none waits}
    Signal take() {
        if (woken) {
            woken = false;
            return new Signal(SignalCalls.SIGURG, 0, 0, 0);
        }
        if (lost) {
            lost = false;
            return new Signal(SignalCalls.SIGIO, SignalCalls.SI_KERNEL, 0, 0);
        }
        return realTime.poll();
    }

    /// Fills an array of `struct signalfd_siginfo`.
    int read(long address, int max) {
        int count = 0;
        while (count < max && !isEmpty()) {
            Signal signal = take();
            long at = address + (long) count++ * SignalfdCalls.SIGINFO_BYTES;
            Memory.putInt(at, signal.number());
            Memory.putInt(at + 8, signal.code());
            Memory.putInt(at + 20, signal.fd());
            Memory.putInt(at + 28, signal.band());
        }
        return count == 0 ? -Errno.EAGAIN : count * SignalfdCalls.SIGINFO_BYTES;
    }

    /// Has a file send what happens to it, under the number by which it was asked to.
    void attach(SimulatedFile file, int fd) {
        file.watch(
                new SimulatedFile.Watcher() {
                    @Override
                    public void happened(int bits) {
                        if ((file.flags & Descriptors.O_ASYNC) == 0) {
                            file.unwatch(this);
                        } else if (file.owner == tid) {
                            send(file, fd, bits);
                        }
                    }

                    @Override
                    public void closed() {
                        file.flags = 0;
                    }
                });
    }

    private void send(SimulatedFile file, int fd, int bits) {
        boolean ended = (bits & (SimulatedFile.HUP | SimulatedFile.ERR)) != 0;
        for (int bit : new int[] {SimulatedFile.IN, SimulatedFile.OUT, SimulatedFile.PRI}) {
            if ((bits & bit) != 0) {
                int band = bit | (ended ? bits & (SimulatedFile.HUP | SimulatedFile.ERR) : 0);
                if (file.signal == 0 || realTime.size() >= roomFor) {
                    lost = true;
                } else {
                    int code =
                            bit == SimulatedFile.OUT ? SignalCalls.POLL_OUT : SignalCalls.POLL_IN;
                    realTime.add(new Signal(file.signal, code, fd, band));
                }
            }
        }
    }
}
