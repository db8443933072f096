package dev.pollux.libc;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// `struct sockaddr` of IPv4, IPv6 and Unix domain sockets, to and from [SocketAddress].
///
/// ```
/// struct sockaddr_in  { sa_family_t sin_family;  in_port_t sin_port;  struct in_addr sin_addr; ... };
/// struct sockaddr_in6 { sa_family_t sin6_family; in_port_t sin6_port; uint32_t sin6_flowinfo;
///                       struct in6_addr sin6_addr; uint32_t sin6_scope_id; };
/// struct sockaddr_un  { sa_family_t sun_family;  char sun_path[108]; };
/// ```
///
/// `ip(7)`, `ipv6(7)`, `unix(7)`. On Linux the family takes 2 bytes; macOS puts `uint8_t sa_len`
/// first, a family of 1 byte behind it, and has 104 bytes of path.
public final class SocketAddresses {
    /// Room for any of them: `sizeof(struct sockaddr_storage)`.
    public static final int BYTES = 128;

    private static final SocketAddresses HERE = of(Platform.current());

    private static final int IN_BYTES = 16;
    private static final int IN6_BYTES = 28;
    private static final int PORT = 2;
    private static final int IN_ADDRESS = 4;
    private static final int IN6_ADDRESS = 8;
    private static final int IN6_SCOPE = 24;
    private static final int PATH = 2;

    private final boolean lengthFirst;
    private final int familyInet6;
    private final int pathBytes;

    private SocketAddresses(boolean lengthFirst, int familyInet6, int pathBytes) {
        this.lengthFirst = lengthFirst;
        this.familyInet6 = familyInet6;
        this.pathBytes = pathBytes;
    }

    /// {@return the layouts of a platform}
    static SocketAddresses of(Platform platform) {
        return platform.isLinux()
                ? new SocketAddresses(false, 10, 108)
                : new SocketAddresses(true, 30, 104);
    }

    /// {@return the domain that a socket for this address needs, `AF_INET`, `AF_INET6` or
    /// `AF_UNIX`}
    ///
    /// @param socketAddress the address
    /// @throws IllegalArgumentException if it is of another kind
    /// @throws UnresolvedAddressException if it has a host name only
    public static int domain(SocketAddress socketAddress) {
        return switch (socketAddress) {
            case UnixDomainSocketAddress _ -> Sockets.AF_UNIX;
            case InetSocketAddress inet ->
                    resolved(inet) instanceof Inet6Address ? Sockets.AF_INET6 : Sockets.AF_INET;
            default -> throw unknown(socketAddress);
        };
    }

    /// Writes an address.
    ///
    /// @param socketAddress an internet or Unix domain address
    /// @param address where, with room for [#BYTES]
    /// @return its length in bytes, `-ENAMETOOLONG` for a path that does not fit, or `-EILSEQ` for
    ///   one that the JVM's encoding of file names cannot hold
    /// @throws IllegalArgumentException if it is of another kind
    /// @throws UnresolvedAddressException if it has a host name only
    public static int encode(SocketAddress socketAddress, long address) {
        return HERE.put(socketAddress, address);
    }

    /// Reads an address. An unnamed Unix domain socket has the empty path, and so has here one
    /// whose name Java cannot tell: one of Linux's abstract names, or a path that is not valid in
    /// the JVM's encoding of file names.
    ///
    /// @param address where it is
    /// @param length its length in bytes, as the kernel has given it
    /// @return the internet or Unix domain address
    /// @throws IllegalArgumentException if it is of another family
    public static SocketAddress decode(long address, int length) {
        return HERE.get(address, length);
    }

    /// {@return the family of an address}
    static int family(long address) {
        return HERE.familyAt(address);
    }

    private int familyAt(long address) {
        return lengthFirst
                ? Byte.toUnsignedInt(Memory.getByte(address + 1))
                : Short.toUnsignedInt(Memory.getShort(address));
    }

    int put(SocketAddress socketAddress, long address) {
        return switch (socketAddress) {
            case UnixDomainSocketAddress unix -> putUnix(unix, address);
            case InetSocketAddress inet -> putInet(inet, address);
            default -> throw unknown(socketAddress);
        };
    }

    SocketAddress get(long address, int length) {
        int family = familyAt(address);
        // A socketpair's end has no more than the family, and on macOS not even that.
        if (length <= PATH || family == Sockets.AF_UNIX) {
            return getUnix(address, length);
        }
        if (family == Sockets.AF_INET) {
            return new InetSocketAddress(internet(address + IN_ADDRESS, 4, 0), port(address));
        }
        if (family == familyInet6) {
            int scope = Memory.getInt(address + IN6_SCOPE);
            return new InetSocketAddress(internet(address + IN6_ADDRESS, 16, scope), port(address));
        }
        throw new IllegalArgumentException("unknown address family " + family);
    }

    private int putUnix(UnixDomainSocketAddress unix, long address) {
        byte[] path = bytes(unix.getPath());
        if (path == null) {
            return -Errno.EILSEQ;
        }
        if (path.length >= pathBytes) {
            return -Errno.ENAMETOOLONG;
        }
        int length = path.length == 0 ? PATH : PATH + path.length + 1;
        putFamily(address, Sockets.AF_UNIX, length);
        Memory.copy(path, 0, address + PATH, path.length);
        Memory.putByte(address + PATH + path.length, (byte) 0);
        return length;
    }

    /// A path of the JDK's may come from bytes that its text does not tell, as a directory's list
    /// does: that text names another file.
    private static byte @Nullable [] bytes(Path path) {
        String text = path.toString();
        byte[] bytes = PathBytes.encode(text, PathBytes.CHARSET);
        return bytes != null && path.equals(Path.of(text)) ? bytes : null;
    }

    private UnixDomainSocketAddress getUnix(long address, int length) {
        int room = Math.min(length - PATH, pathBytes);
        String path = PathBytes.decode(PathBytes.read(address + PATH, room), PathBytes.CHARSET);
        return UnixDomainSocketAddress.of(path == null ? "" : path);
    }

    private int putInet(InetSocketAddress inet, long address) {
        InetAddress host = resolved(inet);
        byte[] bytes = host.getAddress();
        boolean six = host instanceof Inet6Address;
        int length = six ? IN6_BYTES : IN_BYTES;
        Memory.zero(address, length);
        putFamily(address, six ? familyInet6 : Sockets.AF_INET, length);
        Memory.putByte(address + PORT, (byte) (inet.getPort() >> 8));
        Memory.putByte(address + PORT + 1, (byte) inet.getPort());
        Memory.copy(bytes, 0, address + (six ? IN6_ADDRESS : IN_ADDRESS), bytes.length);
        if (host instanceof Inet6Address inet6) {
            Memory.putInt(address + IN6_SCOPE, inet6.getScopeId());
        }
        return length;
    }

    private void putFamily(long address, int family, int length) {
        if (lengthFirst) {
            Memory.putByte(address, (byte) length);
            Memory.putByte(address + 1, (byte) family);
        } else {
            Memory.putShort(address, (short) family);
        }
    }

    private static int port(long address) {
        return Byte.toUnsignedInt(Memory.getByte(address + PORT)) << 8
                | Byte.toUnsignedInt(Memory.getByte(address + PORT + 1));
    }

    private static InetAddress internet(long address, int bytes, int scope) {
        byte[] host = new byte[bytes];
        Memory.copy(address, host, 0, bytes);
        try {
            InetAddress plain = InetAddress.getByAddress(host);
            // An IPv4 peer of an IPv6 socket (::ffff:a.b.c.d) comes out as IPv4, which has no
            // scope.
            return scope == 0 || plain instanceof Inet4Address
                    ? plain
                    : Inet6Address.getByAddress(null, host, scope);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are always an address", e);
        }
    }

    private static InetAddress resolved(InetSocketAddress inet) {
        InetAddress host = inet.getAddress();
        if (host == null) {
            throw new UnresolvedAddressException();
        }
        return host;
    }

    private static IllegalArgumentException unknown(SocketAddress socketAddress) {
        return new IllegalArgumentException(
                "neither an internet nor a Unix domain address: " + socketAddress);
    }
}
