package dev.pollux.descriptors;

import static dev.pollux.descriptors.ErrnoAssertions.assertErrno;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Descriptors that travel: each arrives at an owner or nowhere.
@Timeout(60)
@ExtendWith(LeakCheck.class)
@SuppressWarnings("try") // Closing early is what this is about.
final class PassingTest {
    private static final int MOST = 253;

    private static ByteBuffer text() {
        return ByteBuffer.wrap("hello".getBytes(UTF_8));
    }

    @Test
    void asManyTravelAsTheKernelAllows() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair();
                EventFd counter = EventFd.open()) {
            List<EventFd> most = Collections.nCopies(MOST, counter);
            assertThatThrownBy(
                            () -> pair.first().send(text(), Collections.nCopies(MOST + 1, counter)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(pair.first().send(text(), most)).isEqualTo(5);
            var received = new ArrayList<OpenDescriptor>();
            assertThat(pair.second().receive(ByteBuffer.allocateDirect(9), received::add))
                    .isEqualTo(5);
            assertThat(received).hasSize(MOST).allMatch(OpenDescriptor::isOpen);
            counter.add(1);
            for (OpenDescriptor each : received) {
                each.close();
            }
            assertThat(counter.take()).isEqualTo(1);
        }
    }

    @Test
    void aReaderWhoDoesNotWantThemGetsNone() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair();
                Pipe pipe = Pipe.open()) {
            pair.first().send(text(), List.of(pipe.source()));
            assertThat(pair.second().read(ByteBuffer.allocate(9))).isEqualTo(5);
        }
    }

    @Test
    void whatAConsumerThatThrowsWasNotGivenIsClosed() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair();
                EventFd counter = EventFd.open()) {
            pair.first().send(text(), List.of(counter, counter, counter));
            var given = new ArrayList<OpenDescriptor>();
            ByteBuffer got = ByteBuffer.allocate(9);
            assertThatThrownBy(() ->
                            pair.second()
                                    .receive(
                                            got,
                                            each -> {
                                                given.add(each);
                                                throw new IllegalStateException("mine");
                                            }))
                    .hasMessage("mine");
            assertThat(got.position()).isEqualTo(5);
            assertThat(given).hasSize(1).allMatch(OpenDescriptor::isOpen);
            given.getFirst().close(); // The other two are for the check of leaks.
        }
    }

    private interface Refusals {
        void check() throws Exception;
    }

    /// What is checked has its classes: they could not be loaded then.
    private static void withFullTable(Refusals refusals) throws Exception {
        Pipe.open().close();
        Pair<StreamSocket> pair = StreamSocket.pair();
        assertErrno(Errno.EBADF, () -> pair.first().send(text(), List.<Descriptor>of(() -> -1)));
        OpenDescriptor.duplicate(pair.first()).close();
        int free = pair.first().fd();
        pair.close();
        long limit = Descriptors.nofileSoft();
        assertThat(Descriptors.setNofileSoft(free)).isZero();
        try {
            refusals.check();
        } finally {
            Descriptors.setNofileSoft(limit);
        }
    }

    @Test
    void aFullTableLosesTheDescriptorsAndNoBytes() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair();
                EventFd counter = EventFd.open()) {
            pair.first().send(text(), Collections.nCopies(10, counter));
            ByteBuffer got = ByteBuffer.allocate(9);
            var given = new ArrayList<OpenDescriptor>();
            withFullTable(() -> {
                assertErrno(Errno.EMFILE, () -> pair.second().receive(got, given::add));
                assertErrno(Errno.EMFILE, EventFd::open);
                assertErrno(Errno.EMFILE, Pipe::open);
                assertErrno(Errno.EMFILE, StreamSocket::pair);
                assertErrno(Errno.EMFILE, () -> OpenDescriptor.duplicate(counter));
            });
            assertThat(given).isEmpty();
            assertThat(UTF_8.decode(got.flip()).toString()).isEqualTo("hello");
            pair.first().write(text());
            assertThat(pair.second().read(got.clear())).isEqualTo(5);
        }
    }

    @Test
    void aConnectionForWhichThereIsNoNumberStaysInTheBacklog() throws Exception {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ListeningSocket door = ListeningSocket.open(any);
                StreamSocket client = StreamSocket.open(door.localAddress())) {
            withFullTable(() -> {
                assertErrno(Errno.EMFILE, door::accept);
                assertErrno(Errno.EMFILE, door::acceptNonBlocking);
            });
            try (StreamSocket server = door.acceptNonBlocking()) {
                assertThat(server).isNotNull();
                assertThat(server.isBlocking()).isFalse();
                assertThat(server.peerAddress()).isEqualTo(client.localAddress());
            }
        }
    }

    @Test
    void oneThatIsClosedOrGoesOverTheInternetDoesNotTravel() throws Exception {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Pair<StreamSocket> pair = StreamSocket.pair();
                EventFd open = EventFd.open();
                ListeningSocket door = ListeningSocket.open(any);
                StreamSocket client = StreamSocket.open(door.localAddress());
                StreamSocket server = door.accept()) {
            EventFd closed = EventFd.open();
            closed.close();
            assertThatThrownBy(() -> pair.first().send(text(), List.of(open, closed)))
                    .isInstanceOf(ClosedChannelException.class);
            assertErrno(
                    Errno.EBADF,
                    () -> pair.first().send(text(), List.<Descriptor>of(open, () -> -1)));
            assertErrno(Errno.EOPNOTSUPP, () -> client.send(text(), List.of(open)));
            assertThat(server).isNotNull();
            assertThatThrownBy(() -> pair.first().send(ByteBuffer.allocate(0), List.of(open)))
                    .isInstanceOf(IllegalArgumentException.class);
            pair.second().setBlocking(false);
            ByteBuffer got = ByteBuffer.allocate(9);
            assertThat(pair.second().receive(got, OpenDescriptorSink::refuse)).isZero();
            pair.first().close();
            assertThat(pair.second().receive(got, OpenDescriptorSink::refuse)).isEqualTo(-1);
        }
    }

    private static final class OpenDescriptorSink {
        static void refuse(OpenDescriptor descriptor) {
            throw new AssertionError(descriptor);
        }
    }
}
