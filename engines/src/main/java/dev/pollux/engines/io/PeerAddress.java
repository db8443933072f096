package dev.pollux.engines.io;

import dev.pollux.libc.Memory;
import dev.pollux.libc.SocketAddresses;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/// Keeps the address of an IPv4 peer in 8 bytes, as it stands in `struct sockaddr_in`, instead of
/// the 90 of four objects: there is one for every idle connection.
public final class PeerAddress {
    /// The address of a peer that has none, as an unbound Unix domain socket or a terminal.
    public static final SocketAddress NOBODY = UnixDomainSocketAddress.of("");

    /// The first two bytes of a `struct sockaddr_in`: the family; on macOS its length and the
    /// family.
    private static final short SOCKADDR_IN_LINUX = 2;

    private static final short SOCKADDR_IN_MACOS = 0x0210;

    private static final int SOCKADDR_IN_BYTES = 16;

    private PeerAddress() {}

    /// {@return the address of any peer} One that Java has no words for is nobody's, as a path of a
    /// Unix domain socket that the locale's encoding does not hold.
    ///
    /// @param sockaddr its `struct sockaddr`
    /// @param length of that
    public static SocketAddress of(long sockaddr, int length) {
        try {
            return SocketAddresses.decode(sockaddr, length);
        } catch (IllegalArgumentException _) {
            return NOBODY;
        }
    }

    /// {@return family, port and address of an IPv4 peer; 0 for any other}
    ///
    /// @param sockaddr its `struct sockaddr`
    public static long compact(long sockaddr) {
        short head = Memory.getShort(sockaddr);
        return head == SOCKADDR_IN_LINUX || head == SOCKADDR_IN_MACOS
                ? Memory.getLong(sockaddr)
                : 0;
    }

    /// {@return the address that [#compact] has kept}
    ///
    /// @param inet4 not 0
    public static SocketAddress of(long inet4) {
        long sockaddr = Memory.allocateZeroed(SocketAddresses.BYTES);
        try {
            Memory.putLong(sockaddr, inet4);
            return SocketAddresses.decode(sockaddr, SOCKADDR_IN_BYTES);
        } finally {
            Memory.free(sockaddr);
        }
    }
}
