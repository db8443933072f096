package dev.pollux.engines.loop;

import dev.pollux.engines.Limits;
import java.time.Duration;
import java.util.SplittableRandom;

/// What sort of world a seed makes, beside what is drawn for each: some things come about only
/// where there is much of something.
///
/// @param flooded whether peers send as fast as they can, in many pieces, and protocols pause
///   whenever they are told something
/// @param tardy whether the kernel decides some sends only later, though it is asked to now
record WorldKind(boolean flooded, boolean tardy) {
    /// Memory for all that may ever be queued.
    static final int PLENTY_BYTES = 100_000_000;

    private static final int ONE_IN = 8;

    static WorldKind of(long seed) {
        var lots = new SplittableRandom(~seed);
        return new WorldKind(lots.nextInt(ONE_IN) == 0, lots.nextInt(ONE_IN) == 0);
    }

    /// {@return the limits of one such world}
    Limits limits(Chance chance) {
        int any = chance.oneOf(1024, 4096, 16_384);
        int receive = flooded ? 1024 : any; // So that there are many pieces.
        int high = chance.oneOf(2_000, 20_000);
        return Limits.DEFAULT
                .withConnectionsMax(chance.oneOf(2, 5, 100))
                .withInput(receive, chance.between(1, receive - 1))
                .withOutbound(1 + chance.below(high), high, chance.oneOf(high, 40_000, 200_000))
                .withMemory(chance.oneOf(60_000, 300_000, PLENTY_BYTES))
                .withTimeouts(
                        chance.oneIn(2) ? Duration.ZERO : Duration.ofSeconds(3),
                        chance.oneIn(3) ? Duration.ZERO : Duration.ofSeconds(2),
                        Duration.ofMillis(chance.oneOf(0, 20, 2000)),
                        Duration.ofSeconds(1));
    }
}
