package dev.pollux.engines.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/// What the peer of one connection is to receive, and whether what it receives is that.
///
/// What one thread writes comes in its order and without gaps, up to the end of the connection. So
/// do the broadcasts of a group; and between the two the order is that of the calls where they were
/// made on the connection's own thread.
final class Correspondence {
    /// What comes in order, and how far it has come.
    private static final class Series {
        final ArrayList<Frame> frames = new ArrayList<>();
        int arrived;

        /// So many must arrive if the connection ends in order.
        int owed;

        void add(Frame frame, boolean isOwed) {
            frames.add(frame);
            if (isOwed) {
                owed = frames.size();
            }
        }
    }

    private final Simulation world;
    private final int own;

    /// By the thread that writes.
    private final Map<Integer, Series> written = new HashMap<>();

    private final Map<RandomGroup, Series> broadcast = new HashMap<>();

    /// The last that was written, and that was broadcast in each group, by the own thread.
    private int lastWritten = -1;

    private int lastBroadcast = -1;
    private final Map<RandomGroup, Integer> lastOwn = new HashMap<>();

    /// Makes it.
    ///
    /// @param own the connection's thread
    Correspondence(Simulation world, int own) {
        this.world = world;
        this.own = own;
    }

    /// A frame was written or broadcast.
    ///
    /// @param owed whether it must arrive, if the connection ends in order
    void wrote(Frame frame, boolean owed) {
        seriesOf(frame).add(frame, owed);
    }

    private Series seriesOf(Frame frame) {
        return frame.group() == null
                ? written.computeIfAbsent(frame.source(), _ -> new Series())
                : broadcast.computeIfAbsent(frame.group(), _ -> new Series());
    }

    /// The peer has received a frame.
    void arrived(Frame frame) {
        Series series = seriesOf(frame);
        if (frame.group() == null || frame.group().exact) {
            boolean next =
                    series.arrived < series.frames.size()
                            && series.frames.get(series.arrived).number() == frame.number();
            world.require(next, "a frame comes out of order, twice, or behind a gap");
        }
        series.arrived++;
        if (frame.source() == own) {
            arrivedOwn(frame);
        }
    }

    private void arrivedOwn(Frame frame) {
        RandomGroup group = frame.group();
        int before = lastWritten;
        if (group == null) {
            before = Math.max(before, lastBroadcast);
            lastWritten = frame.number();
        } else {
            before = Math.max(before, lastOwn.getOrDefault(group, -1));
            lastOwn.put(group, frame.number());
            lastBroadcast = Math.max(lastBroadcast, frame.number());
        }
        world.require(frame.number() > before, "what one thread wrote comes in another order");
    }

    /// {@return whether all has come that must}
    boolean isComplete() {
        for (Series series : written.values()) {
            if (series.arrived < series.owed) {
                return false;
            }
        }
        for (Map.Entry<RandomGroup, Series> each : broadcast.entrySet()) {
            if (each.getKey().exact && each.getValue().arrived < each.getValue().owed) {
                return false;
            }
        }
        return true;
    }
}
