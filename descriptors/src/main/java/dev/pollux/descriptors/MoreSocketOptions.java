package dev.pollux.descriptors;

import java.net.SocketOption;

/// Socket options that [java.net.StandardSocketOptions] does not have.
public final class MoreSocketOptions {
    /// Take no IPv4 peers; before the socket is bound, `ipv6(7)`.
    public static final SocketOption<Boolean> IPV6_V6ONLY = of("IPV6_V6ONLY", Boolean.class);

    /// Hold small pieces back until there is a full packet or this is off again, `tcp(7)`.
    public static final SocketOption<Boolean> TCP_CORK = of("TCP_CORK", Boolean.class);

    /// Acknowledge at once, `tcp(7)`. Linux only.
    public static final SocketOption<Boolean> TCP_QUICKACK = of("TCP_QUICKACK", Boolean.class);

    /// Seconds of silence before the first probe of a peer, `tcp(7)`; probes need
    /// [java.net.StandardSocketOptions#SO_KEEPALIVE].
    public static final SocketOption<Integer> TCP_KEEPIDLE = of("TCP_KEEPIDLE", Integer.class);

    /// Seconds between probes, `tcp(7)`.
    public static final SocketOption<Integer> TCP_KEEPINTVL = of("TCP_KEEPINTVL", Integer.class);

    /// Probes before giving up, `tcp(7)`.
    public static final SocketOption<Integer> TCP_KEEPCNT = of("TCP_KEEPCNT", Integer.class);

    /// Milliseconds that sent bytes may stay unacknowledged before the connection fails, `tcp(7)`.
    /// Linux only.
    public static final SocketOption<Integer> TCP_USER_TIMEOUT =
            of("TCP_USER_TIMEOUT", Integer.class);

    /// Seconds that a connection may take to send its first bytes before it is accepted without
    /// them, `tcp(7)`. Linux only.
    public static final SocketOption<Integer> TCP_DEFER_ACCEPT =
            of("TCP_DEFER_ACCEPT", Integer.class);

    /// How many connections may bring data with their first packet, `tcp(7)`. Linux only.
    public static final SocketOption<Integer> TCP_FASTOPEN = of("TCP_FASTOPEN", Integer.class);

    /// Microseconds of busy polling before a wait, `socket(7)`. Linux only.
    public static final SocketOption<Integer> SO_BUSY_POLL = of("SO_BUSY_POLL", Integer.class);

    private MoreSocketOptions() {}

    private static <T> SocketOption<T> of(String name, Class<T> type) {
        return new Named<>(name, type);
    }

    private record Named<T>(String name, Class<T> type) implements SocketOption<T> {
        @Override
        public String toString() {
            return name;
        }
    }
}
