package dev.pollux.engines;

import java.util.concurrent.atomic.AtomicInteger;

/// What the connections of all loops may hold together ([Limits#memoryBytesMax()]).
///
/// Nobody counts for all. Each loop counts what it holds by itself ([Holdings]), and adds up the
/// figures of all only when it has come to hold its part of what room there was the last time. Then
/// the others add them up once more, too, as their parts were of more room than there is now. So
/// the sum may be passed by what comes in one turn.
///
/// Any thread may ask.
final class Budget {
    private final long bytesMax;
    private final Loops loops;
    private final Admission admission;

    /// Grows whenever a loop has come to hold its part.
    private final AtomicInteger round = new AtomicInteger();

    Budget(long bytesMax, Loops loops, Admission admission) {
        this.bytesMax = bytesMax;
        this.loops = loops;
        this.admission = admission;
    }

    /// {@return how many bytes each connection would have if all had the same}
    long equalPart() {
        return bytesMax / Math.max(1, admission.open());
    }

    /// {@return how many loops share it}
    int loops() {
        return loops.count();
    }

    /// {@return a number; once it has changed, what room each loop knows of is out of date}
    int round() {
        return round.get();
    }

    /// A loop has come to hold its part.
    ///
    /// @return the new number
    int nextRound() {
        return round.incrementAndGet();
    }

    /// {@return how many bytes all hold}
    long bytes() {
        long sum = 0;
        for (Loop loop : loops.all()) {
            sum += loop.holdings().bytes();
        }
        return sum;
    }

    /// {@return how many more bytes may be held; below 0 when it is too much already}
    long room() {
        return bytesMax - bytes();
    }

    /// {@return by how many bytes it is too much for what shall be left once some were cut off: an
    /// eighth less than the most, so that it does not happen with every byte}
    long excess() {
        return bytes() - (bytesMax - bytesMax / 8);
    }

    /// {@return the loop that holds the most}
    Loop greediest() {
        Loop greediest = loops.first();
        for (Loop loop : loops.all()) {
            if (loop.holdings().bytes() > greediest.holdings().bytes()) {
                greediest = loop;
            }
        }
        return greediest;
    }
}
