package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// TCP through a ring: accept, receive, send, cancel, close.
@Timeout(60)
@EnabledOnOs(OS.LINUX)
final class UringSocketsTest {
    private static final int ACCEPT = 1;
    private static final int RECV = 2;
    private static final int SEND = 3;
    private static final int OTHER = 4;

    private static final int TCP = SocketOptions.IPPROTO_TCP;

    private final OpenDescriptors open = new OpenDescriptors();
    private final long memory = Memory.allocateZeroed(8192);
    private Ring ring;

    @BeforeEach
    void openRing() throws IOException {
        UringProbe probe = UringProbe.run();
        assumeTrue(probe.whyNot().isEmpty(), "no io_uring here");
        assumeTrue(probe.acceptsSetup(Ring.DEFERRED), "this kernel is too old");
        open.remember();
        ring = Ring.open(Ring.DEFERRED | UringParams.IORING_SETUP_R_DISABLED);
        assertThat(UringRegister.enable(ring.fd())).isZero();
    }

    @AfterEach
    void nothingLeaks() {
        if (ring != null) {
            ring.close();
            open.assertSame();
        }
        Memory.free(memory);
    }

    /// A client and a server that are connected, and a pipe with nothing in it.
    private static final class Pair implements AutoCloseable {
        final int client;
        final int server;
        final int pipe;
        private final int pipeWriter;

        Pair() throws IOException {
            try (var loopback = new Loopback(0)) {
                client = loopback.connect();
                server = Sockets.accept(loopback.listener(), 0, 0);
                Descriptors.setNonBlocking(server, false);
            }
            int[] ends = new int[2];
            Descriptors.pipe2(ends, Descriptors.O_CLOEXEC);
            pipe = ends[0];
            pipeWriter = ends[1];
        }

        @Override
        public void close() {
            Descriptors.close(client);
            Descriptors.close(server);
            Descriptors.close(pipe);
            Descriptors.close(pipeWriter);
        }
    }

    private static void fixed(boolean direct, long sqe) {
        if (direct) {
            Sqe.addFlags(sqe, Sqe.IOSQE_FIXED_FILE);
        }
    }

    /// One accept request and one receive request per connection serve any number of messages.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void multishotAcceptAndRecvEcho(boolean direct) throws IOException {
        if (direct) {
            assertThat(UringRegister.filesSparse(ring.fd(), 16)).isZero();
            assertThat(UringRegister.fileAllocRange(ring.fd(), 4, 8)).isZero();
        }
        try (var loopback = new Loopback(0);
                var buffers = new Buffers(ring.fd(), 8, 256, 0)) {
            buffers.offerAll();
            long accept = ring.sqe();
            UringSockets.acceptMultishot(accept, loopback.listener(), 0, ACCEPT);
            if (direct) {
                Sqe.intoSlot(accept, Sqe.IORING_FILE_INDEX_ALLOC);
            }
            ring.submit();
            for (int connection = 0; connection < 3; connection++) {
                int client = loopback.connect();
                Ring.Completion accepted = ring.await();
                assertThat(accepted.userData()).isEqualTo(ACCEPT);
                assertThat(accepted.more()).isTrue();
                int server = accepted.result();
                if (direct) {
                    assertThat(server).as("in the range").isBetween(4, 11);
                }
                echo(direct, server, client, buffers);
                close(direct, server);
                assertThat(Sockets.recvBlocking(client, memory, 1)).as("the end").isZero();
                Descriptors.close(client);
            }
            UringRequests.cancel(ring.sqe(), ACCEPT, 0, OTHER);
            assertThat(List.of(ring.await(), ring.await()))
                    .containsExactlyInAnyOrder(
                            new Ring.Completion(ACCEPT, -Errno.ECANCELED, 0),
                            new Ring.Completion(OTHER, 0, 0));
        }
        if (direct) {
            assertThat(UringRegister.unregisterFiles(ring.fd())).isZero();
        }
    }

    private void echo(boolean direct, int server, int client, Buffers buffers) {
        long recv = ring.sqe();
        UringSockets.recvMultishot(recv, server, Buffers.GROUP, RECV);
        fixed(direct, recv);
        ring.submit();
        for (int i = 0; i < 20; i++) {
            String text = "第" + i + "条消息";
            Loopback.send(client, text);
            Ring.Completion received = ring.await();
            assertThat(received.userData()).isEqualTo(RECV);
            assertThat(received.more()).isTrue();
            assertThat(buffers.text(received)).isEqualTo(text);
            long sqe = ring.sqe();
            long bytes = buffers.address(received.buffer());
            UringSockets.send(sqe, server, bytes, received.result(), Sockets.MSG_NOSIGNAL, SEND);
            fixed(direct, sqe);
            assertThat(ring.await()).isEqualTo(new Ring.Completion(SEND, received.result(), 0));
            buffers.offer(received.buffer());
            assertThat(Loopback.receive(client, received.result())).isEqualTo(text);
        }
        Sockets.shutdown(client, Sockets.SHUT_WR);
        Ring.Completion end = ring.await();
        assertThat(end.userData()).isEqualTo(RECV);
        assertThat(end.result()).as("the end of input").isZero();
        assertThat(end.more()).isFalse();
    }

    private void close(boolean direct, int server) {
        if (direct) {
            UringRequests.closeSlot(ring.sqe(), server, OTHER);
        } else {
            UringRequests.close(ring.sqe(), server, OTHER);
        }
        assertThat(ring.await()).isEqualTo(new Ring.Completion(OTHER, 0, 0));
    }

    @Test
    void withoutABufferMultishotRecvEndsWithEnobufs() throws IOException {
        try (Pair pair = new Pair();
                var buffers = new Buffers(ring.fd(), 2, 64, 0)) {
            buffers.offer(0);
            UringSockets.recvMultishot(ring.sqe(), pair.server, Buffers.GROUP, RECV);
            ring.submit();
            Loopback.send(pair.client, "first");
            Ring.Completion first = ring.await();
            assertThat(buffers.text(first)).isEqualTo("first");
            Loopback.send(pair.client, "second");
            Ring.Completion starved = first.more() ? ring.await() : first;
            assertThat(starved).isEqualTo(new Ring.Completion(RECV, -Errno.ENOBUFS, 0));
            assertThat(UringRegister.bufferRingHead(ring.fd(), Buffers.GROUP)).isEqualTo(1);

            buffers.offer(1);
            UringSockets.recvMultishot(ring.sqe(), pair.server, Buffers.GROUP, RECV);
            Ring.Completion second = ring.await();
            assertThat(buffers.text(second)).as("nothing was lost").isEqualTo("second");
            assertThat(second.buffer()).isEqualTo(1);
        }
    }

    @Test
    void aBufferMayBeFilledPieceByPiece() throws IOException {
        assumeTrue(UringProbe.run().incrementalBuffers(), "this kernel cannot");
        try (Pair pair = new Pair();
                var buffers = new Buffers(ring.fd(), 2, 16, BufferRing.IOU_PBUF_RING_INC)) {
            buffers.offer(0);
            UringSockets.recvMultishot(ring.sqe(), pair.server, Buffers.GROUP, RECV);
            ring.submit();
            Loopback.send(pair.client, "一二");
            Ring.Completion first = ring.await();
            assertThat(first.flags() & Cqe.IORING_CQE_F_BUF_MORE).isNotZero();
            Loopback.send(pair.client, "三四五6");
            Ring.Completion second = ring.await();
            assertThat(second.buffer()).isEqualTo(first.buffer());
            assertThat(second.flags() & Cqe.IORING_CQE_F_BUF_MORE).as("full").isZero();
            assertThat(Loopback.text(buffers.address(0), 16)).isEqualTo("一二三四五6");
        }
    }

    @Test
    void recvSaysWhenThereIsMore() throws IOException {
        try (Pair pair = new Pair()) {
            Loopback.send(pair.client, "12345");
            UringSockets.recv(ring.sqe(), pair.server, memory, 3, 0, RECV);
            int nonEmpty = Cqe.IORING_CQE_F_SOCK_NONEMPTY;
            assertThat(ring.await()).isEqualTo(new Ring.Completion(RECV, 3, nonEmpty));
            long sqe = ring.sqe();
            UringSockets.recv(sqe, pair.server, memory, 3, 0, RECV);
            Sqe.addPriority(sqe, Sqe.IORING_RECVSEND_POLL_FIRST);
            assertThat(ring.await()).isEqualTo(new Ring.Completion(RECV, 2, 0));
        }
    }

    @Test
    void shutdownThenCancelEndsWhatIsPending() throws IOException {
        try (Pair pair = new Pair()) {
            UringSockets.recv(ring.sqe(), pair.server, memory, 1, 0, RECV);
            ring.submit();
            UringSockets.shutdown(ring.sqe(), pair.server, Sockets.SHUT_RDWR, OTHER);
            assertThat(List.of(ring.await(), ring.await()))
                    .as("shutdown alone ends a receive")
                    .contains(new Ring.Completion(OTHER, 0, 0), new Ring.Completion(RECV, 0, 0));

            UringRequests.read(ring.sqe(), pair.pipe, memory, 1, -1, RECV);
            UringRequests.read(ring.sqe(), pair.pipe, memory, 1, -1, RECV);
            ring.submit();
            UringRequests.cancelFd(ring.sqe(), pair.pipe, 0, OTHER);
            List<Ring.Completion> ended = List.of(ring.await(), ring.await(), ring.await());
            assertThat(ended)
                    .containsExactlyInAnyOrder(
                            new Ring.Completion(OTHER, 2, 0),
                            new Ring.Completion(RECV, -Errno.ECANCELED, 0),
                            new Ring.Completion(RECV, -Errno.ECANCELED, 0));
            UringRequests.cancelFd(ring.sqe(), pair.pipe, 0, OTHER);
            assertThat(ring.await().result()).as("none left").isIn(0, -Errno.ENOENT);

            int any = UringRequests.IORING_ASYNC_CANCEL_ANY;
            int all = any | UringRequests.IORING_ASYNC_CANCEL_ALL;
            UringRequests.poll(ring.sqe(), pair.pipe, PollCalls.POLLIN, 0, RECV);
            UringRequests.read(ring.sqe(), pair.pipe, memory, 1, -1, RECV);
            ring.submit();
            assertThat(UringRegister.cancel(ring.fd(), 0, -1, all, 1_000_000_000L)).isEqualTo(2);
            assertThat(ring.await().result()).isEqualTo(-Errno.ECANCELED);
            assertThat(ring.await().result()).isEqualTo(-Errno.ECANCELED);
            assertThat(UringRegister.cancel(ring.fd(), 123, -1, 0, -1)).isEqualTo(-Errno.ENOENT);
        }
    }

    @Test
    void aLinkedTimeoutEndsTheRequestBeforeIt() throws IOException {
        Memory.putLong(memory, 0);
        Memory.putLong(memory + 8, 2_000_000);
        try (Pair pair = new Pair()) {
            long recv = ring.sqe();
            UringSockets.recv(recv, pair.server, memory + 64, 1, 0, RECV);
            Sqe.addFlags(recv, Sqe.IOSQE_IO_LINK);
            UringRequests.linkTimeout(ring.sqe(), memory, 0, OTHER);
            assertThat(List.of(ring.await(), ring.await()))
                    .containsExactlyInAnyOrder(
                            new Ring.Completion(RECV, -Errno.ECANCELED, 0),
                            new Ring.Completion(OTHER, -Errno.ETIME, 0));
            UringRequests.timeout(ring.sqe(), memory, 0, 0, OTHER);
            assertThat(ring.await()).isEqualTo(new Ring.Completion(OTHER, -Errno.ETIME, 0));
            int success = UringRequests.IORING_TIMEOUT_ETIME_SUCCESS;
            UringRequests.timeout(ring.sqe(), memory, 0, success, OTHER);
            assertThat(ring.await()).isEqualTo(new Ring.Completion(OTHER, -Errno.ETIME, 0));
        }
    }

    @Test
    void piecesAreSentInOneRequest() throws IOException {
        byte[] bytes = "前后".getBytes(StandardCharsets.UTF_8);
        Memory.copy(bytes, 0, memory, 6);
        Descriptors.putIovec(memory + 64, 0, memory + 3, 3);
        Descriptors.putIovec(memory + 64, 1, memory, 3);
        Sockets.putMessage(memory + 128, memory + 64, 2);
        int flags = Sockets.MSG_NOSIGNAL | Sockets.MSG_WAITALL;
        try (Pair pair = new Pair()) {
            UringSockets.sendmsg(ring.sqe(), pair.server, memory + 128, flags, SEND);
            assertThat(ring.await()).isEqualTo(new Ring.Completion(SEND, 6, 0));
            assertThat(Loopback.receive(pair.client, 6)).isEqualTo("后前");
            Loopback.send(pair.client, "ok");
            UringSockets.recvmsg(ring.sqe(), pair.server, memory + 128, 0, RECV);
            assertThat(ring.await().result()).isEqualTo(2);
            assertThat(Loopback.text(memory + 3, 2)).isEqualTo("ok");

            Memory.copy(bytes, 0, memory, 6);
            UringSockets.sendv(ring.sqe(), pair.server, memory + 64, 2, flags, SEND);
            int sent = ring.await().result();
            assumeTrue(sent != -Errno.EINVAL, "this kernel has no vectorized send");
            assertThat(sent).isEqualTo(6);
            assertThat(Loopback.receive(pair.client, 6)).isEqualTo("后前");
        }
    }

    @Test
    void aZeroCopySendIsFollowedByANotification() throws IOException {
        try (Pair pair = new Pair()) {
            Memory.putLong(memory, 0x6867_6665_6463_6261L);
            long sqe = ring.sqe();
            int flags = Sockets.MSG_NOSIGNAL;
            UringSockets.sendZeroCopy(sqe, pair.server, memory, 8, flags, SEND);
            Sqe.addPriority(sqe, Sqe.IORING_SEND_ZC_REPORT_USAGE);
            int more = Cqe.IORING_CQE_F_MORE;
            assertThat(ring.await()).isEqualTo(new Ring.Completion(SEND, 8, more));
            assertThat(Loopback.receive(pair.client, 8)).isEqualTo("abcdefgh");
            Ring.Completion free = ring.await();
            assertThat(free.flags()).isEqualTo(Cqe.IORING_CQE_F_NOTIF);
            assertThat(free.result())
                    .as("loopback copies")
                    .isIn(0, Cqe.IORING_NOTIF_USAGE_ZC_COPIED);

            Descriptors.putIovec(memory + 64, 0, memory, 4);
            Sockets.putMessage(memory + 128, memory + 64, 1);
            UringSockets.sendmsgZeroCopy(ring.sqe(), pair.server, memory + 128, flags, SEND);
            assertThat(ring.await()).isEqualTo(new Ring.Completion(SEND, 4, more));
            assertThat(Loopback.receive(pair.client, 4)).isEqualTo("abcd");
            assertThat(ring.await().flags()).isEqualTo(Cqe.IORING_CQE_F_NOTIF);
        }
    }

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
            assertThat(Sockets.recvBlocking(accepted, memory, 1)).isLessThanOrEqualTo(0);
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

    @Test
    void successIsSilentIfWanted() throws IOException {
        try (Pair pair = new Pair()) {
            long write = ring.sqe();
            UringRequests.write(write, pair.server, memory, 3, -1, SEND);
            Sqe.addFlags(write, Sqe.IOSQE_CQE_SKIP_SUCCESS);
            UringRequests.nop(ring.sqe(), OTHER);
            assertThat(ring.await().userData()).isEqualTo(OTHER);
            assertThat(Loopback.receive(pair.client, 3)).hasSize(3);

            long send = ring.sqe();
            UringSockets.send(send, pair.pipe, memory, 3, Sockets.MSG_NOSIGNAL, SEND);
            Sqe.addFlags(send, Sqe.IOSQE_CQE_SKIP_SUCCESS);
            assertThat(ring.await()).isEqualTo(new Ring.Completion(SEND, -Errno.ENOTSOCK, 0));
        }
    }
}
