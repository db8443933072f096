package dev.pollux.engines.blocking;

import dev.pollux.engines.io.ChannelDoor;
import java.io.IOException;
import java.net.SocketAddress;

/// A blocking listening socket of the JDK's: a virtual thread parks in the accept.
final class BlockingChannelDoor implements BlockingDoor {
    private final ChannelDoor door;

    private BlockingChannelDoor(ChannelDoor door) {
        this.door = door;
    }

    /// Opens a door.
    ///
    /// @throws IOException when the address cannot be had
    static BlockingChannelDoor open(SocketAddress wanted, int backlog) throws IOException {
        return new BlockingChannelDoor(ChannelDoor.open(wanted, backlog, true));
    }

    @Override
    public SocketAddress address() {
        return door.address();
    }

    @Override
    public BlockingWire accept() throws IOException {
        return new BlockingChannel(door.channel().accept());
    }

    /// The JDK wakes who is in the accept.
    @Override
    public void wake() {
        door.close();
    }

    /// Also after [#wake()].
    @Override
    public void close() {
        door.close();
    }
}
