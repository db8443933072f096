package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/// How requests end before they are done.
@Timeout(60)
@EnabledOnOs(OS.LINUX)
final class UringCancelTest {
    private static final int RECV = 2;
    private static final int OTHER = 4;

    @RegisterExtension final OpenedRing opened = new OpenedRing();
    private final Ring ring = opened.ring();
    private final long memory = opened.memory();

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
}
