package dev.pollux.engines.uring;

import static dev.pollux.engines.Texts.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.Client;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.models.IoModel;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Input and output of more than a small buffer holds.
@Timeout(60)
final class UringLargeTest {
    private static final int SMALL = 4096;
    private static final int LARGE = 16_384;
    private static final RingSizes SIZES = new RingSizes(64, 256, 16, SMALL, 4, LARGE, 256);

    /// Inputs in a row after which a connection is given small buffers again.
    private static final int SMALL_INPUTS = 16;

    @RegisterExtension final Rig rig = new Rig(new Flavor(IoModel.IO_URING, 1));

    /// What the kernel does next.
    private final AtomicInteger outcome = new AtomicInteger(FaultyEntry.FINE);

    /// The sizes of what came in.
    private final List<Integer> pieces = new CopyOnWriteArrayList<>();

    private final Scripted protocol = new Scripted();

    @BeforeAll
    static void needsIoUring() {
        assumeTrue(IoModel.IO_URING.isAvailable(), () -> IoModel.IO_URING.whyNot().orElse(""));
    }

    @BeforeEach
    void drive() {
        RingEntry kernel = new FaultyEntry(_ -> outcome.get());
        rig.driven(new UringModel(loop -> new UringDriver(loop, SIZES, kernel)));
        protocol.onReceived((_, bytes) -> {
            pieces.add(bytes.remaining());
            bytes.position(bytes.limit());
        });
    }

    /// Sends bytes that are all there when the loop looks, and waits until they were taken.
    private void sendAtOnce(Client client, int size) throws Exception {
        pieces.clear();
        Rig.whileHeld(protocol.transport(), () -> client.send(pattern(size)));
        Rig.eventually(
                "all is taken", () -> pieces.stream().mapToInt(Integer::intValue).sum() == size);
        for (int i = 0; i < 5; i++) { // A request is cancelled, is over, and is made anew.
            Rig.caughtUp(protocol.transport());
        }
    }

    @Test
    void inputThatFillsItsBuffersComesInLargerOnesUntilItIsSmallAgain() throws Exception {
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        sendAtOnce(client, SMALL);
        sendAtOnce(client, LARGE);
        assertThat(pieces).containsExactly(LARGE);
        for (int i = 1; i < SMALL_INPUTS; i++) {
            sendAtOnce(client, SMALL - 1);
        }
        sendAtOnce(client, LARGE);
        assertThat(pieces).as("not often enough").containsExactly(LARGE);
        for (int i = 0; i < SMALL_INPUTS; i++) {
            sendAtOnce(client, 1);
        }
        sendAtOnce(client, 2 * SMALL);
        assertThat(pieces).first().isEqualTo(SMALL);
    }

    /// What comes while none is wanted has to be kept, and is to be little.
    @Test
    void whoPausesWithInputUnderWayIsGivenSmallBuffersAgain() throws Exception {
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        sendAtOnce(client, SMALL);
        protocol.onReceived((transport, bytes) -> {
            pieces.add(bytes.remaining());
            bytes.position(bytes.limit());
            transport.pauseReading();
            transport.execute(transport::resumeReading);
        });
        sendAtOnce(client, 2 * LARGE);
        assertThat(pieces).first().isEqualTo(LARGE);
        sendAtOnce(client, 2 * SMALL);
        assertThat(pieces).first().isEqualTo(SMALL);
    }

    @Test
    void aLargePieceIsSentAsItIsWrittenOnceForEachInput() throws Exception {
        byte[] answer = pattern(LARGE);
        ByteBuffer large = ByteBuffer.allocateDirect(LARGE).put(answer).flip();
        List<Long> queued = new CopyOnWriteArrayList<>();
        protocol.onReceived((transport, bytes) -> {
            transport.write(large.duplicate());
            queued.add(transport.queuedBytes());
            transport.write(bytes);
            queued.add(transport.queuedBytes());
        });
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        for (int i = 0; i < 3; i++) {
            client.send("!");
            assertThat(client.receive(LARGE)).isEqualTo(answer);
            assertThat(client.receive("!")).isEqualTo("!");
        }
        assertThat(queued).containsExactly(0L, 1L, 0L, 1L, 0L, 1L);
    }

    @Test
    void aRingThatFailsWhileALargePieceIsSentEndsItsLoopInOrder() throws Exception {
        rig.expectTrouble(
                "a loop failed, and the engine ends with all its connections: io_uring_enter");
        protocol.onReceived((transport, bytes) -> {
            bytes.position(bytes.limit());
            outcome.set(-Errno.EBADF);
            transport.write(ByteBuffer.allocateDirect(LARGE));
        });
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        client.send("!");
        assertThat(protocol.cause())
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
        assertThatThrownBy(rig.engine()::awaitStop).isInstanceOf(IOException.class);
        assertThat(client.receiveWhatComes()).isEmpty();
    }
}
