package dev.pollux.engines.blocking;

import dev.pollux.engines.io.SocketDoor;
import dev.pollux.engines.io.SocketWire;
import dev.pollux.engines.io.Wire;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Sockets;
import java.io.IOException;
import java.net.SocketAddress;

/// A blocking listening socket of the kernel's: a thread sleeps in `accept4(2)`.
final class BlockingSocketDoor implements BlockingDoor {
    private final SocketDoor door;

    private BlockingSocketDoor(SocketDoor door) {
        this.door = door;
    }

    /// Opens a door.
    ///
    /// @throws IOException when the address cannot be had
    static BlockingSocketDoor open(SocketAddress wanted, int backlog) throws IOException {
        SocketDoor door = SocketDoor.open(wanted, backlog);
        int result = Descriptors.setNonBlocking(door.fd(), false);
        if (result < 0) {
            int fd = door.fd();
            door.close();
            throw new ErrnoException(-result, "fcntl", fd);
        }
        return new BlockingSocketDoor(door);
    }

    @Override
    public SocketAddress address() {
        return door.address();
    }

    @Override
    public BlockingWire accept() throws ErrnoException {
        Wire wire = door.accept();
        if (wire == null) {
            throw new ErrnoException(Errno.EAGAIN, "accept", door.fd());
        }
        return BlockingSocket.of((SocketWire) wire);
    }

    /// On Linux `shutdown(2)` ends the listening: every accept fails with EINVAL.
    @Override
    public void wake() {
        Sockets.shutdown(door.fd(), Sockets.SHUT_RDWR);
    }

    @Override
    public void close() {
        door.close();
    }
}
