package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
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

    @RegisterExtension final OpenedRing opened = new OpenedRing();
    private final Ring ring = opened.ring();
    private final long memory = opened.memory();

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

    /// `O_NONBLOCK` makes no difference: requests wait all the same.
    @Test
    void nonBlockingSocketsAreWaitedFor() throws IOException {
        try (var loopback = new Loopback(Sockets.SOCK_NONBLOCK);
                var buffers = new Buffers(ring.fd(), 2, 64, 0)) {
            buffers.offerAll();
            int nonBlocking = Sockets.SOCK_NONBLOCK;
            UringSockets.acceptMultishot(ring.sqe(), loopback.listener(), nonBlocking, ACCEPT);
            ring.submit();
            assertThat(ring.take()).isNull();
            int client = loopback.connect();
            int server = ring.await().result();
            assertThat(Descriptors.fcntl(server, Descriptors.F_GETFL, 0) & Descriptors.O_NONBLOCK)
                    .isNotZero();
            UringSockets.recvMultishot(ring.sqe(), server, Buffers.GROUP, RECV);
            ring.submit();
            assertThat(ring.take()).isNull();
            Loopback.send(client, "等");
            assertThat(buffers.text(ring.await())).isEqualTo("等");
            Descriptors.close(client);
            Descriptors.close(server);
        }
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
    void whatThePeerHasNotTakenIsTold() throws IOException {
        int bytes = 1 << 20;
        long much = Memory.allocateZeroed(bytes);
        try (Pair pair = new Pair()) {
            while (Sockets.send(pair.server, much, bytes) > 0) {}
            UringSockets.untaken(ring.sqe(), pair.server, OTHER);
            int untaken = ring.await().result();
            assumeTrue(untaken != -Errno.EOPNOTSUPP, "Linux before 6.7");
            assertThat(untaken).isPositive();
            assertThat(Sockets.untaken(pair.server)).isBetween(1, untaken);
        } finally {
            Memory.free(much);
        }
    }

    @Test
    void piecesAreSentInOneRequest() throws IOException {
        byte[] bytes = "前后".getBytes(StandardCharsets.UTF_8);
        Memory.copy(bytes, 0, memory, 6);
        Descriptors.putIovec(memory + 64, 0, memory + 3, 3);
        Descriptors.putIovec(memory + 64, 1, memory, 3);
        MessageHeader.put(memory + 128, memory + 64, 2);
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
            MessageHeader.put(memory + 128, memory + 64, 1);
            UringSockets.sendmsgZeroCopy(ring.sqe(), pair.server, memory + 128, flags, SEND);
            assertThat(ring.await()).isEqualTo(new Ring.Completion(SEND, 4, more));
            assertThat(Loopback.receive(pair.client, 4)).isEqualTo("abcd");
            assertThat(ring.await().flags()).isEqualTo(Cqe.IORING_CQE_F_NOTIF);
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
