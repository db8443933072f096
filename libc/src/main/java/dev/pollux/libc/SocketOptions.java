package dev.pollux.libc;

/// The numbers of socket options on the running platform, for [Sockets#setOption] and
/// [Sockets#getOption]. All take an `int` except [#SO_LINGER] and the two timeouts.
public final class SocketOptions {
    private static final Platform PLATFORM = Platform.current();

    /// Level of the socket itself, `socket(7)`.
    public static final int SOL_SOCKET = PLATFORM.pick(1, 0xffff);

    /// Bind though old connections linger, `socket(7)`.
    public static final int SO_REUSEADDR = PLATFORM.pick(2, 0x4);

    /// Several sockets may listen on one port, `socket(7)`.
    public static final int SO_REUSEPORT = PLATFORM.pick(15, 0x200);

    /// Ask for the type, `socket(7)`.
    public static final int SO_TYPE = PLATFORM.pick(3, 0x1008);

    /// Ask for, and clear, the pending error, `socket(7)`.
    public static final int SO_ERROR = PLATFORM.pick(4, 0x1007);

    /// Allow datagrams to everybody, `socket(7)`.
    public static final int SO_BROADCAST = PLATFORM.pick(6, 0x20);

    /// Bytes of the send buffer, `socket(7)`.
    public static final int SO_SNDBUF = PLATFORM.pick(7, 0x1001);

    /// Bytes of the receive buffer, `socket(7)`.
    public static final int SO_RCVBUF = PLATFORM.pick(8, 0x1002);

    /// Probe a silent peer, `socket(7)`.
    public static final int SO_KEEPALIVE = PLATFORM.pick(9, 0x8);

    /// What close does with unsent bytes (`SO_LINGER_SEC` on macOS), `socket(7)`.
    public static final int SO_LINGER = PLATFORM.pick(13, 0x1080);

    /// Most time that a receive waits, `socket(7)`.
    public static final int SO_RCVTIMEO = PLATFORM.pick(20, 0x1006);

    /// Most time that a send waits, `socket(7)`.
    public static final int SO_SNDTIMEO = PLATFORM.pick(21, 0x1005);

    /// Ask whether the socket listens, `socket(7)`.
    public static final int SO_ACCEPTCONN = PLATFORM.pick(30, 0x2);

    /// Ask for the domain, `AF_...`, `socket(7)`. Linux only.
    public static final int SO_DOMAIN = 39;

    /// Microseconds of busy polling before a wait, `socket(7)`. Linux only.
    public static final int SO_BUSY_POLL = 46;

    /// Level of TCP, `tcp(7)`.
    public static final int IPPROTO_TCP = 6;

    /// Send small pieces at once, `tcp(7)`.
    public static final int TCP_NODELAY = 1;

    /// Hold pieces back (`TCP_NOPUSH` on macOS), `tcp(7)`.
    public static final int TCP_CORK = PLATFORM.pick(3, 4);

    /// Seconds of silence before the first probe (`TCP_KEEPALIVE` on macOS), `tcp(7)`.
    public static final int TCP_KEEPIDLE = PLATFORM.pick(4, 0x10);

    /// Seconds between probes, `tcp(7)`.
    public static final int TCP_KEEPINTVL = PLATFORM.pick(5, 0x101);

    /// Probes before giving up, `tcp(7)`.
    public static final int TCP_KEEPCNT = PLATFORM.pick(6, 0x102);

    /// Level of IPv6, `ipv6(7)`.
    public static final int IPPROTO_IPV6 = 41;

    /// Do not take IPv4 peers, `ipv6(7)`.
    public static final int IPV6_V6ONLY = PLATFORM.pick(26, 27);

    /// Seconds to wait for the first bytes before accept returns, `tcp(7)`. Linux only.
    public static final int TCP_DEFER_ACCEPT = 9;

    /// Acknowledge at once, `tcp(7)`. Linux only.
    public static final int TCP_QUICKACK = 12;

    /// How many connections may send data with their SYN, `tcp(7)`. Linux only.
    public static final int TCP_FASTOPEN = 23;

    /// Milliseconds that sent bytes may stay unacknowledged, `tcp(7)`. Linux only.
    public static final int TCP_USER_TIMEOUT = 18;

    private SocketOptions() {}
}
