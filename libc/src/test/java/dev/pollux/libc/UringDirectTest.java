package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Direct descriptors: sockets that have a place in the ring's table and no number in the process.
@Timeout(60)
@EnabledOnOs(OS.LINUX)
final class UringDirectTest {
    private static final int ACCEPT = 1;
    private static final int RECV = 2;
    private static final int OTHER = 4;

    private static final int TCP = SocketOptions.IPPROTO_TCP;

    @RegisterExtension final OpenedRing opened = new OpenedRing();
    private final Ring ring = opened.ring();
    private final long memory = opened.memory();

    @Test
    void aDirectSocketConnectsHasOptionsAndCanBeInstalled() throws IOException {
        assertThat(UringRegister.filesSparse(ring.fd(), 4)).isZero();
        try (var loopback = new Loopback(0)) {
            int slot = 2;
            long socket = ring.sqe();
            UringSockets.socket(socket, Sockets.AF_INET, Sockets.SOCK_STREAM, 0, OTHER);
            Sqe.intoSlot(socket, slot);
            assertThat(ring.await()).isEqualTo(new Ring.Completion(OTHER, 0, 0));

            int length = SocketAddresses.encode(Sockets.localAddress(loopback.listener()), memory);
            long connect = ring.sqe();
            UringSockets.connect(connect, slot, memory, length, OTHER);
            Sqe.addFlags(connect, Sqe.IOSQE_FIXED_FILE);
            assertThat(ring.await()).isEqualTo(new Ring.Completion(OTHER, 0, 0));
            int accepted = Sockets.accept(loopback.listener(), 0, 0);

            setsockopt(slot);
            UringRequests.install(ring.sqe(), slot, OTHER);
            int fd = ring.await().result();
            assertThat(fd).isNotNegative();
            assertThat(Sockets.getOption(fd, TCP, SocketOptions.TCP_KEEPIDLE)).isEqualTo(77);
            assertThat(Sockets.peerAddress(accepted)).isEqualTo(Sockets.localAddress(fd));
            assertGetsockname(slot, fd);
            Descriptors.close(fd);
            assertThat(Sockets.recv(accepted, memory, 1)).isEqualTo(-Errno.EAGAIN);
            UringRequests.closeSlot(ring.sqe(), slot, OTHER);
            assertThat(ring.await().result()).isZero();
            Descriptors.setNonBlocking(accepted, false);
            assertThat(Sockets.recvBlocking(accepted, memory, 1)).as("the end").isZero();
            Descriptors.close(accepted);
        }
    }

    private void setsockopt(int slot) {
        Memory.putInt(memory + 256, 77);
        int name = SocketOptions.TCP_KEEPIDLE;
        long set = ring.sqe();
        UringSockets.setsockopt(set, slot, TCP, name, memory + 256, 4, OTHER);
        Sqe.addFlags(set, Sqe.IOSQE_FIXED_FILE);
        assertThat(ring.await()).isEqualTo(new Ring.Completion(OTHER, 0, 0));
        long get = ring.sqe();
        UringSockets.getsockopt(get, slot, SocketOptions.SO_TYPE, memory + 256, 4, OTHER);
        Sqe.addFlags(get, Sqe.IOSQE_FIXED_FILE);
        assertThat(ring.await()).isEqualTo(new Ring.Completion(OTHER, 4, 0));
        assertThat(Memory.getInt(memory + 256)).isEqualTo(Sockets.SOCK_STREAM);
    }

    private void assertGetsockname(int slot, int fd) throws IOException {
        Memory.putInt(memory + 512, SocketAddresses.BYTES);
        long sqe = ring.sqe();
        UringSockets.getsockname(sqe, slot, memory + 256, memory + 512, true, OTHER);
        Sqe.addFlags(sqe, Sqe.IOSQE_FIXED_FILE);
        int result = ring.await().result();
        if (result != -Errno.EOPNOTSUPP) {
            assertThat(result).isZero();
            assertThat(SocketAddresses.decode(memory + 256, Memory.getInt(memory + 512)))
                    .isEqualTo(Sockets.peerAddress(fd));
        }
    }

    @Test
    void aFullTableOfDirectDescriptorsRefusesAndResumes() throws IOException {
        assertThat(UringRegister.filesSparse(ring.fd(), 2)).isZero();
        assertThat(UringRegister.filesSparse(ring.fd(), 2)).isEqualTo(-Errno.EBUSY);
        List<Integer> clients = new ArrayList<>();
        try (var loopback = new Loopback(0)) {
            long accept = ring.sqe();
            UringSockets.acceptMultishot(accept, loopback.listener(), 0, ACCEPT);
            Sqe.intoSlot(accept, Sqe.IORING_FILE_INDEX_ALLOC);
            ring.submit();
            for (int i = 0; i < 3; i++) {
                clients.add(loopback.connect());
            }
            assertThat(ring.await().result()).isEqualTo(0);
            assertThat(ring.await().result()).isEqualTo(1);
            assertThat(ring.await()).isEqualTo(new Ring.Completion(ACCEPT, -Errno.ENFILE, 0));
            assertThat(Sockets.recvBlocking(clients.get(2), memory, 1))
                    .as("the connection that found no place is gone")
                    .isLessThanOrEqualTo(0);

            assertThat(UringRegister.updateFile(ring.fd(), 0, -1)).isEqualTo(1);
            long again = ring.sqe();
            UringSockets.accept(again, loopback.listener(), memory, memory + 128, 0, ACCEPT);
            Memory.putInt(memory + 128, SocketAddresses.BYTES);
            Sqe.intoSlot(again, 0);
            clients.add(loopback.connect());
            assertThat(ring.await()).isEqualTo(new Ring.Completion(ACCEPT, 0, 0));
            assertThat(SocketAddresses.decode(memory, Memory.getInt(memory + 128)))
                    .isEqualTo(Sockets.localAddress(clients.get(3)));
        }
        clients.forEach(Descriptors::close);
    }

    @Test
    void eachRingMayHaveAsManyAsAProcess() throws IOException {
        int most = Math.toIntExact(Math.min(Descriptors.nofileSoft(), 30_000));
        try (Ring other = Ring.open(Ring.DEFERRED)) {
            for (Ring each : List.of(ring, other)) {
                if (most < 30_000) {
                    assertThat(UringRegister.filesSparse(each.fd(), most + 1))
                            .isEqualTo(-Errno.EMFILE);
                }
                assertThat(UringRegister.filesSparse(each.fd(), most)).isZero();
            }
        }
    }

    @Test
    void aTableMayBeginWithOrdinaryDescriptors() throws IOException {
        try (Pair pair = new Pair()) {
            Memory.putInt(memory, -1);
            Memory.putInt(memory + 4, pair.server);
            assertThat(UringRegister.files(ring.fd(), memory, 2)).isZero();
            Loopback.send(pair.client, "你好");
            long recv = ring.sqe();
            UringSockets.recv(recv, 1, memory, 100, 0, RECV);
            Sqe.addFlags(recv, Sqe.IOSQE_FIXED_FILE);
            assertThat(ring.await()).isEqualTo(new Ring.Completion(RECV, 6, 0));
            assertThat(UringRegister.updateFile(ring.fd(), 0, pair.server)).isEqualTo(1);
            assertThat(UringRegister.unregisterFiles(ring.fd())).isZero();
            assertThat(UringRegister.unregisterFiles(ring.fd())).isEqualTo(-Errno.ENXIO);
        }
    }
}
