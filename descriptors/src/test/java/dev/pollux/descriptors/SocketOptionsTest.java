package dev.pollux.descriptors;

import static dev.pollux.descriptors.ErrnoAssertions.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.net.ProtocolFamily;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every option on every kind of socket: it is set and told, or the kernel says why not.
@Timeout(60)
@ExtendWith(LeakCheck.class)
final class SocketOptionsTest {
    private static final Set<SocketOption<Boolean>> SWITCHES =
            Set.of(
                    StandardSocketOptions.SO_REUSEADDR,
                    StandardSocketOptions.SO_REUSEPORT,
                    StandardSocketOptions.SO_BROADCAST,
                    StandardSocketOptions.SO_KEEPALIVE,
                    StandardSocketOptions.TCP_NODELAY,
                    MoreSocketOptions.TCP_CORK,
                    MoreSocketOptions.TCP_QUICKACK,
                    MoreSocketOptions.IPV6_V6ONLY);

    /// Each with a value that is told as it was set.
    private static final Map<SocketOption<Integer>, Integer> NUMBERS =
            Map.of(
                    StandardSocketOptions.SO_LINGER, 5,
                    MoreSocketOptions.TCP_KEEPIDLE, 61,
                    MoreSocketOptions.TCP_KEEPINTVL, 7,
                    MoreSocketOptions.TCP_KEEPCNT, 3,
                    MoreSocketOptions.TCP_USER_TIMEOUT, 1234,
                    MoreSocketOptions.TCP_DEFER_ACCEPT, 1,
                    MoreSocketOptions.SO_BUSY_POLL, 0);

    /// Not every family has those of TCP and IPv6, nor every socket SO_REUSEPORT.
    private static final List<Integer> REFUSALS =
            List.of(Errno.EOPNOTSUPP, Errno.ENOPROTOOPT, Errno.EINVAL);

    private static boolean isEverySockets(SocketOption<?> option) {
        return option.name().startsWith("SO_") && !option.name().equals("SO_REUSEPORT");
    }

    private static <T> void check(SocketDescriptor socket, SocketOption<T> option, T value)
            throws Exception {
        try {
            socket.setOption(option, value);
        } catch (ErrnoException e) {
            assertThat(e.errno()).as("%s on %s", option, socket).isIn(REFUSALS);
            assertThat(isEverySockets(option)).as("%s on %s", option, socket).isFalse();
            return;
        }
        assertThat(socket.getOption(option)).as("%s on %s", option, socket).isEqualTo(value);
    }

    private static void checkAll(SocketDescriptor socket) throws Exception {
        for (SocketOption<Boolean> option : SWITCHES) {
            check(socket, option, true);
            check(socket, option, false);
        }
        for (Map.Entry<SocketOption<Integer>, Integer> each : NUMBERS.entrySet()) {
            check(socket, each.getKey(), each.getValue());
        }
        socket.setOption(StandardSocketOptions.SO_LINGER, -1);
        assertThat(socket.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(-1);
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        assertThat(socket.getOption(StandardSocketOptions.SO_LINGER)).isZero();
        socket.setOption(StandardSocketOptions.SO_SNDBUF, 20_000);
        assertThat(socket.getOption(StandardSocketOptions.SO_SNDBUF)).isEqualTo(40_000);
        socket.setOption(StandardSocketOptions.SO_RCVBUF, 20_000);
        assertThat(socket.getOption(StandardSocketOptions.SO_RCVBUF)).isEqualTo(40_000);
    }

    @ParameterizedTest
    @EnumSource(StandardProtocolFamily.class)
    void anOptionIsSetAndToldOrRefused(ProtocolFamily family) throws Exception {
        try (StreamSocket stream = StreamSocket.open(family);
                ListeningSocket door = ListeningSocket.open(family);
                DatagramSocket datagrams = DatagramSocket.open(family)) {
            checkAll(stream);
            checkAll(door);
            checkAll(datagrams);
            if (family == StandardProtocolFamily.UNIX) {
                assertErrno(
                        Errno.EOPNOTSUPP,
                        () -> stream.getOption(StandardSocketOptions.TCP_NODELAY));
            } else {
                stream.setOption(StandardSocketOptions.TCP_NODELAY, true);
                assertThat(stream.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
                door.setOption(MoreSocketOptions.TCP_FASTOPEN, 16);
                assertThat(door.getOption(MoreSocketOptions.TCP_FASTOPEN)).isEqualTo(16);
            }
        }
    }
}
