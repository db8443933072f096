package dev.pollux.engines;

import java.io.IOException;
import java.net.SocketAddress;

/// A blocking listening socket of the JDK's: a virtual thread parks in the accept.
final class ParkingDoor implements BlockingDoor {
    private final ChannelDoor door;

    private ParkingDoor(ChannelDoor door) {
        this.door = door;
    }

    /// Opens a door.
    ///
    /// @throws IOException when the address cannot be had
    static ParkingDoor open(SocketAddress wanted, int backlog) throws IOException {
        return new ParkingDoor(ChannelDoor.open(wanted, backlog, true));
    }

    @Override
    public SocketAddress address() {
        return door.address();
    }

    @Override
    public BlockingWire accept() throws IOException {
        return new ParkingChannel(door.channel().accept());
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
