package dev.pollux.engines;

import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Descriptors that somebody else has opened, in the same loop as the sockets.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.pollux.engines.Flavor#overDescriptors")
@Timeout(60)
final class EngineAdoptTest {
    @RegisterExtension final Rig rig;

    EngineAdoptTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    private Scripted adopt(NativeEnd end) throws Exception {
        Scripted protocol = new Scripted();
        rig.engine().adopt(end.fd(), rig.watched(protocol));
        return protocol;
    }

    @Test
    void aPipe() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Scripted protocol = adopt(pipe.reading());
            assertThat(protocol.transport().peer()).isEqualTo(UnixDomainSocketAddress.of(""));
            pipe.writing().write("管");
            protocol.await("received 3");
            pipe.writing().write("道");
            protocol.await("received 3");
            pipe.writing().hangUp();
            assertThat(protocol.cause()).isNull();
            assertThat(protocol.inputText()).isEqualTo("管道");
            rig.awaitOpen(0);
            assertThat(pipe.reading().isOpen()).as("not the engine's to close").isTrue();
        }
    }

    @Test
    void nobodyWaitsForASilentPipe() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Scripted silent = adopt(pipe.reading());
            SocketAddress door = rig.door(Texts::echo);
            for (int i = 0; i < 5; i++) {
                assertThat(rig.connect(door).send("快").receive("快")).isEqualTo("快");
            }
            pipe.writing().write("终于");
            silent.await("received 6");
            silent.transport().close();
            assertThat(silent.cause()).isNull();
            assertThat(pipe.reading().isOpen()).isTrue();
        }
    }

    @Test
    void whatIsAdoptedTakesNoPlaceOfAConnection() throws Exception {
        rig.with(Rig.PATIENT.withConnectionsMax(1));
        try (Pipe pipe = Pipe.open()) {
            Scripted silent = adopt(pipe.reading());
            SocketAddress door = rig.door(Texts::echo);
            Client first = rig.connect(door).send("一");
            assertThat(first.receive("一")).isEqualTo("一");
            assertThat(rig.engine().statistics().open()).isEqualTo(2);
            pipe.writing().hangUp();
            assertThat(silent.cause()).isNull();
            Client second = rig.connect(door).send("二");
            rig.awaitOpen(1);
            first.close();
            assertThat(second.receive("二")).isEqualTo("二");
        }
    }

    @Test
    void bothDirectionsOfASocket() throws Exception {
        NativeEnd[] pair = NativeEnd.pair();
        try (NativeEnd ours = pair[0];
                NativeEnd theirs = pair[1]) {
            Scripted protocol = new Scripted();
            protocol.onReceived((transport, bytes) -> {
                transport.write(utf8("答"));
                transport.write(bytes);
                transport.close();
            });
            rig.engine().adopt(ours.fd(), rig.watched(protocol));
            theirs.write("问");
            assertThat(protocol.cause()).isNull();
            assertThat(theirs.read()).isEqualTo("答问");
        }
    }

    private void nobodyWaitsForWhoReadsNothing(NativeEnd ours, NativeEnd theirs) throws Exception {
        Scripted writer = adopt(ours);
        SocketAddress door = rig.door(Texts::echo);
        writer.transport().write(ByteBuffer.wrap(pattern(1 << 20)));
        Rig.caughtUp(writer.transport());
        assertThat(rig.connect(door).send("快").receive("快")).isEqualTo("快");
        writer.transport().close();
        assertThat(theirs.read(1 << 20)).isEqualTo(pattern(1 << 20));
        assertThat(writer.cause()).isNull();
    }

    @Test
    void aBlockingPipeThatTakesNothingHoldsNobodyUp() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            nobodyWaitsForWhoReadsNothing(pipe.writing(), pipe.reading());
        }
    }

    @Test
    void aBlockingSocketThatTakesNothingHoldsNobodyUp() throws Exception {
        NativeEnd[] pair = NativeEnd.pair();
        try (NativeEnd ours = pair[0].blocking();
                NativeEnd theirs = pair[1].blocking()) {
            nobodyWaitsForWhoReadsNothing(ours, theirs);
        }
    }

    @Test
    void aPausedPipeIsReadOn() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Scripted protocol = adopt(pipe.reading());
            for (int i = 0; i < 3; i++) {
                protocol.transport().pauseReading();
                Rig.caughtUp(protocol.transport());
                pipe.writing().write("续");
                protocol.transport().resumeReading();
                protocol.await("received 3");
            }
            protocol.transport().close();
            assertThat(protocol.cause()).isNull();
        }
    }

    @Test
    void aRegularFile(@TempDir Path folder) throws Exception {
        byte[] content = pattern(300_000);
        Path file = Files.write(folder.resolve("文件"), content);
        int fd = Descriptors.open(file.toString(), Descriptors.O_RDONLY | Descriptors.O_CLOEXEC, 0);
        try (NativeEnd end = new NativeEnd(fd)) {
            Scripted protocol = adopt(end);
            assertThat(protocol.cause()).isNull();
            assertThat(protocol.input()).isEqualTo(content);
            assertThat(protocol.log()).containsExactly("connected", "eof", "disconnected");
        }
    }

    @Test
    void aPausedFileIsReadNoFurther(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("file"), pattern(300_000));
        int fd = Descriptors.open(file.toString(), Descriptors.O_RDONLY | Descriptors.O_CLOEXEC, 0);
        try (NativeEnd end = new NativeEnd(fd)) {
            Scripted protocol = new Scripted();
            protocol.onReceived((transport, bytes) -> {
                protocol.take(bytes);
                transport.pauseReading();
            });
            rig.engine().adopt(end.fd(), rig.watched(protocol));
            Transport transport = protocol.transport();
            for (int i = 0; i < 10; i++) {
                Rig.caughtUp(transport);
            }
            assertThat(rig.engine().statistics().bytesReceived())
                    .isLessThanOrEqualTo(Rig.PATIENT.receiveBufferBytes());
            transport.close();
            assertThat(protocol.cause()).isNull();
        }
    }

    @Test
    void aClosedDescriptor() throws Exception {
        Engine engine = rig.engine();
        Pipe pipe = Pipe.open();
        pipe.close();
        assertThatThrownBy(() -> engine.adopt(pipe.reading().fd(), new Scripted()))
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBADF));
        assertThat(engine.statistics().open()).isZero();
    }

    @Test
    void theSameDescriptorTwiceHarmsOnlyTheSecond() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Scripted first = adopt(pipe.reading());
            Rig.caughtUp(first.transport());
            Scripted second = adopt(pipe.reading());
            assertThat(second.cause())
                    .isInstanceOfSatisfying(
                            ErrnoException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
            pipe.writing().write("第一");
            first.await("received 6");
            first.transport().close();
            assertThat(first.cause()).isNull();
        }
    }

    @Test
    void theEndOfTheEngineLeavesItOpen() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Scripted protocol = adopt(pipe.reading());
            rig.engine().close();
            assertThat(protocol.log()).containsExactly("connected", "stopping", "disconnected");
            pipe.writing().write("后来");
            assertThat(pipe.reading().read()).isEqualTo("后来");
        }
    }

    /// Nothing would cut it off any more once the deadline has passed.
    @Test
    void nothingIsAdoptedWhileTheEngineStops() throws Exception {
        try (Pipe first = Pipe.open();
                Pipe second = Pipe.open()) {
            Scripted staying = new Scripted().onStopping(_ -> true);
            rig.engine().adopt(first.reading().fd(), rig.watched(staying));
            staying.transport();
            var stopped = Background.run(() -> rig.engine().stop(Duration.ofMinutes(5)));
            staying.await("stopping");
            assertThatThrownBy(() -> adopt(second.reading()))
                    .isInstanceOf(IllegalStateException.class);
            first.writing().hangUp();
            stopped.get();
            assertThat(staying.cause()).isNull();
        }
    }

    @Test
    void whoWaitsForRoomInAPipeLearnsThatItsReaderHasGone() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Scripted writer = new Scripted();
            writer.onConnected(transport -> {
                transport.pauseReading();
                transport.write(ByteBuffer.wrap(pattern(1 << 20)));
            });
            rig.engine().adopt(pipe.writing().fd(), rig.watched(writer));
            Rig.caughtUp(writer.transport());
            Rig.caughtUp(writer.transport()); // In the next turn: the pipe is full.
            pipe.reading().hangUp();
            assertThat(writer.cause())
                    .isInstanceOfSatisfying(
                            ErrnoException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EPIPE));
        }
    }
}
