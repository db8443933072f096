package dev.pollux.engines.loop;

import dev.pollux.engines.SharedBytes;
import org.jspecify.annotations.Nullable;

/// Looks after a simulation when nobody can go on before some time has passed: then nothing may be
/// left that only time could bring about, but should not have to.
final class Vigil {
    /// A door may rest for so long though somebody waits there.
    private static final long REST_NANOS = 1_000_000_000;

    private final Simulation world;

    /// Since when somebody waits at the door that could come in; -1 when nobody does.
    private long waitingSince = -1;

    Vigil(Simulation world) {
        this.world = world;
    }

    /// Nobody can go on now.
    void look() {
        if (world.isLate()) {
            return; // There is more to do than is seen.
        }
        for (RandomProtocol protocol : world.live()) {
            look(protocol);
        }
        for (RandomProtocol protocol : world.begun()) {
            world.require(
                    !protocol.lingersTooLong(world.baton().nanoTime()),
                    "the end of a peer is waited for too long");
        }
        for (Loop loop : world.engine().loops().all()) {
            world.require(
                    world.mayHaveTimers(loop) || loop.wheel().isEmpty(),
                    "a timer of a connection is left that is over");
            world.require(
                    loop.holdings().tasks().carried() == 0,
                    "a task waits for loop " + loop.number());
        }
        lookAtDoor(world.door());
        world.require(world.engine().budget().room() >= 0, "all hold more than they may");
    }

    private void look(RandomProtocol protocol) {
        Connection connection = protocol.connection();
        SimulatedSocket socket = protocol.socket();
        SendQueue sendQueue = connection.sendQueue();
        world.require(
                !protocol.starves(world.baton().nanoTime()),
                "nobody tells " + protocol + " of input that is kept");
        if (socket.isClosed()) {
            return;
        }
        world.require(!connection.isFailing(), "a connection fails and does not end");
        boolean canSend = (socket.ready() & dev.pollux.selectors.Selector.WRITE) != 0;
        world.require(sendQueue.isEmpty() || !canSend, "nobody sends though there is room");
        world.require(
                sendQueue.cost() <= connection.loop().limits().outboundBytesMax(),
                "more is queued than may be");
        world.require(connection.handedOver <= 0, "more is counted as on its way than is");
        world.require(
                connection.isOpen() || connection.receiver().keptBytes() == 0,
                "input is kept for nobody");
        world.require(
                !world.isStopped() || protocol.isToldToStop() || !connection.isOpen(),
                "a connection is not told that the engine stops");
        boolean canReceive = connection.receiver().isWanted() && socket.hasInput();
        world.require(!canReceive, "nobody receives though there is input");
        world.require(
                connection.isOpen() || !sendQueue.isEmpty(),
                "a connection closes and does not end");
        boolean awaitsWritable = protocol.isPromised() && connection.isOpen();
        world.require(
                !awaitsWritable || !sendQueue.isHigh() || sendQueue.bytes() >= lowMark(connection),
                "nobody says that there is room to write");
        RandomGroup group = protocol.waitsFor();
        world.require(
                group == null || group.group.isBehind(), "nobody says that a group has caught up");
    }

    private static int lowMark(Connection connection) {
        return connection.loop().limits().outboundLowMark();
    }

    private void lookAtDoor(@Nullable SimulatedDoor door) {
        boolean waits =
                door != null
                        && !world.isStopped()
                        && !door.isEmpty()
                        && !world.engine().admission().isFull();
        if (!waits) {
            waitingSince = -1;
        } else if (waitingSince < 0) {
            waitingSince = world.baton().nanoTime();
        } else {
            world.require(
                    world.baton().nanoTime() - waitingSince < REST_NANOS,
                    "somebody waits at a door that could come in");
        }
    }

    /// The engine has ended.
    void nothingIsLeft() {
        LoopEngine engine = world.engine();
        world.require(world.live().isEmpty(), "a connection is not told of its end");
        world.require(engine.admission().open() == 0, "the count of connections is not 0");
        world.require(world.descriptors().count() == 0, "a descriptor is left");
        for (Loop loop : engine.loops().all()) {
            world.require(loop.segments().used() == 0, "memory is left");
            world.require(loop.holdings().tasks().carried() == 0, "a task is left");
        }
        for (RandomGroup group : world.groups()) {
            world.require(group.group.size() == 0, "a member is left");
            world.require(!group.group.isBehind(), "a group waits for nobody");
        }
        for (SharedBytes bytes : world.sharedBytes()) {
            bytes.release();
            world.require(isFreed(bytes), "shared bytes are held by somebody");
        }
    }

    private static boolean isFreed(SharedBytes bytes) {
        try {
            return bytes.view().isReadOnly() && false;
        } catch (IllegalStateException _) {
            return true;
        }
    }
}
