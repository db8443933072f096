package dev.pollux.libc;

import java.net.SocketAddress;

/// Datagrams to and from addresses, `udp(7)`, `unix(7)`. A socket that is connected to one peer
/// sends and receives them as [Sockets] does bytes.
///
/// All methods return a value >= 0 or `-errno`.
public final class Datagrams {
    // ssize_t recvfrom(int sockfd, void *buf, size_t len, int flags, struct sockaddr *src_addr,
    //                  socklen_t *addrlen);                                             recv(2)
    // ssize_t sendto(int sockfd, const void *buf, size_t len, int flags,
    //                const struct sockaddr *dest_addr, socklen_t addrlen);              send(2)
    private static final Downcall RECVFROM = Downcall.of(Call.RECVFROM);
    private static final Downcall SENDTO = Downcall.of(Call.SENDTO);

    private Datagrams() {}

    /// Takes one datagram; what does not fit of it is lost. Waits if the socket is a blocking one,
    /// unless told not to.
    ///
    /// @param fd the socket
    /// @param address where the bytes go
    /// @param bytes at most so many
    /// @param flags [Sockets#MSG_DONTWAIT] or 0
    /// @param from where the sender's address goes, [SocketAddresses#BYTES]
    /// @param fromLength where its length goes, 4 bytes
    /// @return how many, or `-errno`
    public static int receive(
            int fd, long address, int bytes, int flags, long from, long fromLength) {
        Memory.putInt(fromLength, SocketAddresses.BYTES);
        return RECVFROM.call(fd, address, bytes, flags, from, fromLength);
    }

    /// Sends one datagram. Waits for room if the socket is a blocking one, unless told not to.
    ///
    /// @param fd the socket
    /// @param address where the bytes are
    /// @param bytes how many
    /// @param flags [Sockets#MSG_DONTWAIT] or 0
    /// @param to where to
    /// @return how many were taken, which is all, or `-errno`
    public static int send(int fd, long address, int bytes, int flags, SocketAddress to) {
        long peer = SystemCalls.current().scratch(SystemCalls.ADDRESS);
        int length = SocketAddresses.encode(to, peer);
        return length < 0
                ? length
                : SENDTO.call(fd, address, bytes, flags | Sockets.MSG_NOSIGNAL, peer, length);
    }
}
