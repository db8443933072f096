package dev.pollux.descriptors;

import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.SocketOptions;
import dev.pollux.libc.Sockets;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;

/// What the kernel calls the options that Java has names for. An option is known by its name: the
/// JDK has some of them twice.
final class OptionCalls {
    private record Place(int level, int number) {}

    private static final Map<String, Place> PLACES =
            Map.ofEntries(
                    ofSocket("SO_REUSEADDR", SocketOptions.SO_REUSEADDR),
                    ofSocket("SO_REUSEPORT", SocketOptions.SO_REUSEPORT),
                    ofSocket("SO_BROADCAST", SocketOptions.SO_BROADCAST),
                    ofSocket("SO_KEEPALIVE", SocketOptions.SO_KEEPALIVE),
                    ofSocket("SO_SNDBUF", SocketOptions.SO_SNDBUF),
                    ofSocket("SO_RCVBUF", SocketOptions.SO_RCVBUF),
                    ofSocket("SO_LINGER", SocketOptions.SO_LINGER),
                    ofSocket("SO_BUSY_POLL", SocketOptions.SO_BUSY_POLL),
                    ofTcp("TCP_NODELAY", SocketOptions.TCP_NODELAY),
                    ofTcp("TCP_CORK", SocketOptions.TCP_CORK),
                    ofTcp("TCP_QUICKACK", SocketOptions.TCP_QUICKACK),
                    ofTcp("TCP_KEEPIDLE", SocketOptions.TCP_KEEPIDLE),
                    ofTcp("TCP_KEEPINTVL", SocketOptions.TCP_KEEPINTVL),
                    ofTcp("TCP_KEEPCNT", SocketOptions.TCP_KEEPCNT),
                    ofTcp("TCP_USER_TIMEOUT", SocketOptions.TCP_USER_TIMEOUT),
                    ofTcp("TCP_DEFER_ACCEPT", SocketOptions.TCP_DEFER_ACCEPT),
                    ofTcp("TCP_FASTOPEN", SocketOptions.TCP_FASTOPEN),
                    Map.entry(
                            "IPV6_V6ONLY",
                            new Place(SocketOptions.IPPROTO_IPV6, SocketOptions.IPV6_V6ONLY)));

    private static final String LINGER = StandardSocketOptions.SO_LINGER.name();

    private OptionCalls() {}

    private static Map.Entry<String, Place> ofSocket(String name, int number) {
        return Map.entry(name, new Place(SocketOptions.SOL_SOCKET, number));
    }

    private static Map.Entry<String, Place> ofTcp(String name, int number) {
        return Map.entry(name, new Place(SocketOptions.IPPROTO_TCP, number));
    }

    static <T> void set(int fd, SocketOption<T> option, T value) throws ErrnoException {
        Place place = place(option);
        int number = number(option, value);
        int result =
                option.name().equals(LINGER)
                        ? Sockets.setLinger(fd, number >= 0, Math.max(number, 0))
                        : Sockets.setOption(fd, place.level, place.number, number);
        ErrnoException.check(result, "setsockopt", fd);
    }

    static <T> T get(int fd, SocketOption<T> option) throws ErrnoException {
        Place place = place(option);
        boolean linger = option.name().equals(LINGER);
        int result = linger ? Sockets.linger(fd) : Sockets.getOption(fd, place.level, place.number);
        if (linger && result == Sockets.NO_LINGER) {
            return option.type().cast(-1);
        }
        ErrnoException.check(result, "getsockopt", fd);
        return option.type() == Boolean.class
                ? option.type().cast(result != 0)
                : option.type().cast(result);
    }

    private static Place place(SocketOption<?> option) {
        Place place = PLACES.get(option.name());
        boolean known = option.type() == Boolean.class || option.type() == Integer.class;
        if (place == null || !known) {
            throw new UnsupportedOperationException(
                    "no such socket option here: %s (there are %s)"
                            .formatted(option.name(), PLACES.keySet().stream().sorted().toList()));
        }
        return place;
    }

    private static int number(SocketOption<?> option, Object value) {
        return switch (value) {
            case Boolean on -> on ? 1 : 0;
            case Integer number -> number;
            default ->
                    throw new IllegalArgumentException(
                            option.name() + " takes a " + option.type().getSimpleName());
        };
    }
}
