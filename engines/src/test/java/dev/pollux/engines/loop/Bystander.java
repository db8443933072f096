package dev.pollux.engines.loop;

import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/// A thread of a simulation that is none of the engine's: it does what protocols hand over to it.
final class Bystander implements Runnable {
    private final Baton baton;
    private final ArrayDeque<Runnable> work = new ArrayDeque<>();
    private final BooleanSupplier isOver;
    private boolean ended;

    Bystander(Baton baton, BooleanSupplier isOver) {
        this.baton = baton;
        this.isOver = isOver;
    }

    void give(Runnable errand) {
        work.add(errand);
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    public void run() {
        while (!isOver.getAsBoolean() || !work.isEmpty()) {
            baton.await(() -> !work.isEmpty() || isOver.getAsBoolean(), Baton.NEVER);
            Runnable errand = work.poll();
            if (errand != null) {
                errand.run();
                baton.pass();
            }
        }
        ended = true;
        baton.leave();
    }
}
