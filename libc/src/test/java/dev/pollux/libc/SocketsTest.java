package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class SocketsTest {
    private static final int STREAM = Sockets.SOCK_STREAM;
    private static final int NON_BLOCKING = Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK;

    @RegisterExtension final OpenDescriptors open = new OpenDescriptors();
    private final long buffer = Memory.allocate(1024);

    @AfterEach
    void free() {
        Memory.free(buffer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void tcpConnectsAndTellsBothAddresses(String host) throws IOException {
        meet(new InetSocketAddress(InetAddress.getByName(host), 0));
    }

    /// Else one that sends megabytes keeps the collector waiting.
    @Test
    void whatLastsLongIsNoBriefCall() {
        Descriptors.putIovec(buffer, 0, 0x1000, Sockets.BRIEF_BYTES - 1);
        Descriptors.putIovec(buffer, 1, 0x1000, 1);
        assertThat(Sockets.isBrief(MessageHeader.size(buffer, 2))).isTrue();
        Descriptors.putIovec(buffer, 2, 0x1000, 1);
        assertThat(Sockets.isBrief(MessageHeader.size(buffer, 3))).isFalse();
        assertThat(Sockets.isBrief(1 << 20)).isFalse();
    }

    /// Whatever way the call is made.
    @ParameterizedTest
    @ValueSource(ints = {1, Sockets.BRIEF_BYTES, Sockets.BRIEF_BYTES + 1, 1 << 20})
    void anyNumberOfBytesArrivesAsItWasSent(int bytes) {
        int[] ends = new int[2];
        assertThat(Sockets.socketpair(Sockets.AF_UNIX, STREAM, ends)).isZero();
        long from = Memory.allocate(2L * bytes);
        for (int i = 0; i < bytes; i++) {
            Memory.putByte(from + i, (byte) (i * 31 + (i >> 8)));
        }
        int got = 0;
        for (int sent = 0; got < bytes; ) {
            sent += Math.max(sendHalf(ends[0], from + sent, bytes - sent), 0);
            got += Math.max(Sockets.recv(ends[1], from + bytes + got, bytes - got), 0);
        }
        assertThat(Loopback.text(from + bytes, bytes)).isEqualTo(Loopback.text(from, bytes));
        assertThat(Sockets.recv(ends[1], from, bytes)).isEqualTo(-Errno.EAGAIN);
        Memory.free(from);
        Descriptors.close(ends[0]);
        Descriptors.close(ends[1]);
    }

    /// In one piece or in two.
    private int sendHalf(int fd, long address, int bytes) {
        if (bytes % 2 == 1) {
            return Sockets.send(fd, address, bytes);
        }
        Descriptors.putIovec(buffer, 0, address, bytes / 2);
        Descriptors.putIovec(buffer, 1, address + bytes / 2, bytes - bytes / 2);
        return (int) Sockets.sendv(fd, buffer, 2);
    }

    @Test
    void whatTheTcpPeerHasNotTakenIsTold() throws Exception {
        try (var loopback = new Loopback(0)) {
            int client = loopback.connect();
            int server = Sockets.accept(loopback.listener(), 0, 0);
            assertUntakenFalls(server, client);
        }
    }

    @Test
    void whatTheUnixDomainPeerHasNotTakenIsTold() throws Exception {
        int[] ends = new int[2];
        assertThat(Sockets.socketpair(Sockets.AF_UNIX, STREAM, ends)).isZero();
        assertUntakenFalls(ends[0], ends[1]);
    }

    @Test
    void whatIsNoSocketTellsNothingOfItsPeer() {
        assertThat(Sockets.untaken(-1)).isEqualTo(-Errno.EBADF);
    }

    /// A peer that takes more and more until there is nothing left.
    private void assertUntakenFalls(int from, int to) {
        assertThat(Sockets.untaken(from)).isZero();
        int bytes = 32 * 1024;
        long memory = Memory.allocateZeroed(bytes);
        int sent = 0;
        for (int taken = bytes; taken > 0; sent += Math.max(taken, 0)) {
            taken = Sockets.send(from, memory, bytes);
        }
        int before = Sockets.untaken(from);
        assertThat(before).isPositive();
        int falls = 0;
        while (sent > 0) {
            sent -= Sockets.recv(to, memory, bytes);
            int now = Sockets.untaken(from);
            assertThat(now).isLessThanOrEqualTo(before);
            falls += now < before ? 1 : 0;
            before = now;
        }
        assertThat(falls).isGreaterThan(2);
        Memory.free(memory);
        Descriptors.close(from);
        Descriptors.close(to);
    }

    @Test
    void unixDomainConnects(@TempDir Path directory) throws IOException {
        meet(UnixDomainSocketAddress.of(directory.resolve("door")));
    }

    private void meet(SocketAddress address) throws IOException {
        int domain = SocketAddresses.domain(address);
        int listener = Sockets.socket(domain, NON_BLOCKING, 0);
        assertThat(Sockets.bind(listener, address)).isZero();
        assertThat(Sockets.listen(listener, 16)).isZero();
        assertThat(Sockets.accept(listener, 0, 0)).isEqualTo(-Errno.EAGAIN);
        SocketAddress bound = Sockets.localAddress(listener);

        int client = Sockets.socket(domain, STREAM, 0);
        assertThat(Sockets.connect(client, bound)).isZero();
        long peer = buffer;
        long peerLength = buffer + SocketAddresses.BYTES;
        int server = Sockets.accept(listener, peer, peerLength);
        assertThat(server).isNotNegative();
        assertThat(SocketAddresses.decode(peer, Memory.getInt(peerLength)))
                .isEqualTo(Sockets.localAddress(client))
                .isEqualTo(Sockets.peerAddress(server));
        assertThat(Sockets.peerAddress(client)).isEqualTo(bound);
        assertThat(Sockets.localAddress(server)).isEqualTo(bound);
        assertNonBlockingAndCloseOnExec(server);

        carry(client, server, "你好，世界");
        assertThat(Sockets.shutdown(client, Sockets.SHUT_WR)).isZero();
        assertThat(Sockets.recv(server, buffer, 10)).as("the end of input").isZero();
        carry(server, client, "再见");
        Descriptors.close(client);
        Descriptors.close(server);
        Descriptors.close(listener);
    }

    private void carry(int from, int to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Memory.copy(bytes, 0, buffer, bytes.length);
        assertThat(Sockets.send(from, buffer, bytes.length)).isEqualTo(bytes.length);
        assertThat(Sockets.recvBlocking(to, buffer + 512, 512)).isEqualTo(bytes.length);
        byte[] got = new byte[bytes.length];
        Memory.copy(buffer + 512, got, 0, got.length);
        assertThat(new String(got, StandardCharsets.UTF_8)).isEqualTo(text);
    }

    private static void assertNonBlockingAndCloseOnExec(int fd) {
        assertThat(Descriptors.fcntl(fd, Descriptors.F_GETFL, 0) & Descriptors.O_NONBLOCK)
                .isNotZero();
        assertThat(Descriptors.fcntl(fd, Descriptors.F_GETFD, 0)).isEqualTo(Descriptors.FD_CLOEXEC);
    }

    @Test
    void recvAndSendNeverBlockEvenOnABlockingSocket() {
        int[] pair = pair(STREAM);
        assertThat(Sockets.recv(pair[0], buffer, 1)).isEqualTo(-Errno.EAGAIN);
        int result;
        do {
            result = Sockets.send(pair[0], buffer, 1024);
        } while (result > 0);
        assertThat(result).isEqualTo(-Errno.EAGAIN);
        close(pair);
    }

    @Test
    void sendingToAGonePeerIsEpipeAndNoSignal() {
        int[] pair = pair(STREAM);
        Descriptors.close(pair[1]);
        assertThat(Sockets.send(pair[0], buffer, 1)).isEqualTo(-Errno.EPIPE);
        assertThat(Sockets.sendBlocking(pair[0], buffer, 1)).isEqualTo(-Errno.EPIPE);
        Descriptors.putIovec(buffer, 0, buffer + 100, 1);
        assertThat(Sockets.sendv(pair[0], buffer, 1)).isEqualTo(-Errno.EPIPE);
        Descriptors.close(pair[0]);
    }

    @Test
    void sendvGathersAndSaysEagainWhenFull() {
        int[] pair = pair(NON_BLOCKING);
        assertNonBlockingAndCloseOnExec(pair[0]);
        Memory.copy(new byte[] {1, 2, 3, 4}, 0, buffer, 4);
        Descriptors.putIovec(buffer + 64, 0, buffer + 3, 1);
        Descriptors.putIovec(buffer + 64, 1, buffer, 3);
        assertThat(Sockets.sendv(pair[0], buffer + 64, 2)).isEqualTo(4);
        assertThat(Sockets.recv(pair[1], buffer, 100)).isEqualTo(4);
        byte[] got = new byte[4];
        Memory.copy(buffer, got, 0, 4);
        assertThat(got).containsExactly(4, 1, 2, 3);
        long result;
        do {
            result = Sockets.sendv(pair[0], buffer + 64, 2);
        } while (result > 0);
        assertThat(result).isEqualTo(-Errno.EAGAIN);
        close(pair);
    }

    @Test
    void optionsAreSetAndRead() {
        int fd = Sockets.socket(Sockets.AF_INET, STREAM, 0);
        int tcp = SocketOptions.IPPROTO_TCP;
        int socket = SocketOptions.SOL_SOCKET;
        assertThat(Sockets.getOption(fd, tcp, SocketOptions.TCP_NODELAY)).isZero();
        assertThat(Sockets.setOption(fd, tcp, SocketOptions.TCP_NODELAY, 1)).isZero();
        assertThat(Sockets.getOption(fd, tcp, SocketOptions.TCP_NODELAY)).isPositive();
        assertThat(Sockets.setOption(fd, socket, SocketOptions.SO_REUSEADDR, 1)).isZero();
        assertThat(Sockets.getOption(fd, socket, SocketOptions.SO_REUSEADDR)).isPositive();
        assertThat(Sockets.setOption(fd, socket, SocketOptions.SO_REUSEPORT, 1)).isZero();
        assertThat(Sockets.getOption(fd, socket, SocketOptions.SO_TYPE)).isEqualTo(STREAM);
        assertThat(Sockets.setOption(fd, tcp, SocketOptions.TCP_KEEPIDLE, 77)).isZero();
        assertThat(Sockets.getOption(fd, tcp, SocketOptions.TCP_KEEPIDLE)).isEqualTo(77);
        assertThat(Sockets.setOption(fd, tcp, 9999, 1)).isEqualTo(-Errno.ENOPROTOOPT);
        assertThat(Sockets.getOption(-1, tcp, 1)).isEqualTo(-Errno.EBADF);
        Descriptors.close(fd);
    }

    @Test
    void lingerOfZeroResetsThePeer() throws IOException {
        var loopback = new InetSocketAddress("127.0.0.1", 0);
        int listener = Sockets.socket(Sockets.AF_INET, STREAM, 0);
        Sockets.bind(listener, loopback);
        Sockets.listen(listener, 1);
        int client = Sockets.socket(Sockets.AF_INET, STREAM, 0);
        Sockets.connect(client, Sockets.localAddress(listener));
        int server = Sockets.accept(listener, 0, 0);
        assertThat(Sockets.setLinger(client, true, 0)).isZero();
        Descriptors.close(client);
        assertThat(Sockets.recv(server, buffer, 1)).isEqualTo(-Errno.ECONNRESET);
        Descriptors.close(server);
        Descriptors.close(listener);
    }

    @Test
    void aRefusedConnectionIsThePendingError() throws IOException {
        int holder = Sockets.socket(Sockets.AF_INET, STREAM, 0);
        Sockets.bind(holder, new InetSocketAddress("127.0.0.1", 0));
        SocketAddress nobody = Sockets.localAddress(holder);
        int client = Sockets.socket(Sockets.AF_INET, NON_BLOCKING, 0);
        assertThat(Sockets.connect(client, nobody)).isEqualTo(-Errno.EINPROGRESS);
        PollCalls.put(buffer, 0, client, PollCalls.POLLOUT);
        assertThat(PollCalls.poll(buffer, 1, 30_000_000_000L)).isEqualTo(1);
        assertThat(Sockets.error(client)).isEqualTo(-Errno.ECONNREFUSED);
        assertThat(Sockets.error(client)).as("asked twice").isZero();
        Descriptors.close(client);
        Descriptors.close(holder);
    }

    @Test
    void errorsOfEveryCallAreNegative() throws IOException {
        var loopback = new InetSocketAddress("127.0.0.1", 0);
        assertThat(Sockets.socket(9999, STREAM, 0)).isEqualTo(-Errno.EAFNOSUPPORT);
        assertThat(Sockets.bind(-1, loopback)).isEqualTo(-Errno.EBADF);
        assertThat(Sockets.listen(-1, 1)).isEqualTo(-Errno.EBADF);
        assertThat(Sockets.connect(-1, loopback)).isEqualTo(-Errno.EBADF);
        assertThat(Sockets.accept(-1, 0, 0)).isEqualTo(-Errno.EBADF);
        assertThat(Sockets.recv(-1, buffer, 1)).isEqualTo(-Errno.EBADF);
        assertThat(Sockets.send(-1, buffer, 1)).isEqualTo(-Errno.EBADF);
        assertThat(Sockets.recvBlocking(-1, buffer, 1)).isEqualTo(-Errno.EBADF);
        assertThat(Sockets.shutdown(-1, Sockets.SHUT_RD)).isEqualTo(-Errno.EBADF);
        assertThat(Sockets.error(-1)).isEqualTo(-Errno.EBADF);
        assertThatThrownBy(() -> Sockets.localAddress(-1))
                .isInstanceOf(ErrnoException.class)
                .hasMessageContaining("getsockname: EBADF");
        int fd = Sockets.socket(Sockets.AF_INET, STREAM, 0);
        assertThatThrownBy(() -> Sockets.peerAddress(fd))
                .isInstanceOf(ErrnoException.class)
                .hasMessage("getpeername(fd " + fd + "): ENOTCONN: not connected");
        Sockets.bind(fd, loopback);
        Sockets.listen(fd, 1);
        int second = Sockets.socket(Sockets.AF_INET, STREAM, 0);
        assertThat(Sockets.bind(second, Sockets.localAddress(fd))).isEqualTo(-Errno.EADDRINUSE);
        Descriptors.close(second);
        Descriptors.close(fd);
    }

    /// Linux knows no `SO_NOSIGPIPE`, as macOS takes no option of a socket that was reset.
    @Test
    void aNewcomerThatTakesNoOptionsIsGoneAndTheListenerIsNotToBlame() {
        int[] pair = pair(STREAM);
        assertThat(FreshSocket.accepted(pair[0], true)).isEqualTo(-Errno.ECONNABORTED);
        assertThat(Descriptors.isOpen(pair[0])).isFalse();
        assertThat(Descriptors.close(pair[1])).isZero();
        assertThat(FreshSocket.accepted(-Errno.EMFILE, true)).isEqualTo(-Errno.EMFILE);
    }

    @Test
    void anUnnamedUnixSocketHasTheEmptyPath() throws IOException {
        int[] pair = pair(STREAM);
        assertThat(Sockets.localAddress(pair[0])).isEqualTo(UnixDomainSocketAddress.of(""));
        close(pair);
    }

    private static int[] pair(int type) {
        int[] pair = new int[2];
        assertThat(Sockets.socketpair(Sockets.AF_UNIX, type, pair)).isZero();
        return pair;
    }

    private static void close(int[] ends) {
        assertThat(Descriptors.close(ends[0])).isZero();
        assertThat(Descriptors.close(ends[1])).isZero();
    }
}
