package dev.pollux.engines;

import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.libc.Descriptors;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// A person at a terminal, in the same loop as the sockets. (That the kernel stops nobody who is in
/// the background needs a shell: the commands' tests have one.)
@ParameterizedClass(name = "{0}")
@MethodSource("dev.pollux.engines.Flavor#overDescriptors")
@Timeout(60)
final class EngineTerminalTest {
    private static final String CTRL_D = "\u0004";

    @RegisterExtension final Rig rig;

    private NativeEnd person;
    private NativeEnd program;

    EngineTerminalTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    @BeforeEach
    void open() {
        assumeTrue(Files.exists(Path.of("/dev/ptmx")), "no pseudo-terminals here");
        NativeEnd[] terminal = NativeEnd.terminal();
        person = terminal[0];
        program = terminal[1];
        assertThat(Descriptors.isatty(program.fd())).isTrue();
    }

    @AfterEach
    void close() {
        person.close();
        program.close();
    }

    private Scripted adopt(Scripted protocol) throws Exception {
        rig.engine().adopt(program.fd(), protocol);
        return protocol;
    }

    @Test
    void whatIsTypedComesUntilThePersonHasGone() throws Exception {
        Scripted protocol = new Scripted();
        rig.engine().adopt(program.fd(), rig.watched(protocol));
        person.write("退出\n");
        protocol.await("received 7");
        person.hangUp();
        assertThat(protocol.cause()).isNull();
        assertThat(protocol.inputText()).isEqualTo("退出\n");
    }

    @Test
    void theBlockingFlagThatTheShellSeesStaysAsItIs() throws Exception {
        Scripted protocol = adopt(new Scripted());
        Rig.caughtUp(protocol.transport());
        int flags = Descriptors.fcntl(program.fd(), Descriptors.F_GETFL, 0);
        assertThat(flags & Descriptors.O_NONBLOCK).isZero();
    }

    @Test
    void ctrlDIsNotTheEndOfAProtocolThatStays() throws Exception {
        Scripted protocol = adopt(new Scripted().onEof(_ -> true));
        for (int i = 0; i < 3; i++) {
            person.write(CTRL_D);
            protocol.await("eof");
            person.write("later\n");
            protocol.await("received 6");
        }
        person.hangUp();
        protocol.await("eof");
        protocol.transport().close();
        assertThat(protocol.cause()).isNull();
        assertThat(protocol.count("eof")).isEqualTo(4);
    }

    @Test
    void ctrlDIsTheEndOfAProtocolThatDoesNotStay() throws Exception {
        Scripted protocol = adopt(new Scripted());
        person.write(CTRL_D);
        assertThat(protocol.cause()).isNull();
        assertThat(protocol.log()).containsExactly("connected", "eof", "disconnected");
    }

    @Test
    void aTerminalThatTakesNothingHoldsNobodyUp() throws Exception {
        Scripted writer = adopt(new Scripted());
        SocketAddress door = rig.door(Texts::echo);
        String text = "x".repeat(1 << 20);
        writer.transport().write(utf8(text));
        Rig.caughtUp(writer.transport());
        assertThat(rig.connect(door).send("快").receive("快")).isEqualTo("快");
        writer.transport().close();
        assertThat(person.read(1 << 20)).isEqualTo(utf8(text).array());
        assertThat(writer.cause()).isNull();
    }
}
