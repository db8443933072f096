package dev.pollux.engines;

import static dev.pollux.engines.Texts.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What waits for peers that do not take it costs little more than its bytes.
@EngineContract
final class EngineMemoryTest {
    private static final int LINES = 2000;

    /// More than any kernel keeps for a connection.
    private static final int MUCH = 16 << 20;

    /// A row: number, instances, bytes, class, module.
    private static final Pattern PIECES =
            Pattern.compile(
                    "(?m)^ *\\d+: +(\\d+) +\\d+ +dev\\.pollux\\.engines\\.(?:Segment|SharedBytes)\\s");

    @RegisterExtension final Rig rig;

    EngineMemoryTest(Flavor flavor) {
        rig = new Rig(flavor).with(Rig.PATIENT.withOutbound(1 << 20, 1 << 20, 64 << 20));
    }

    /// {@return how many objects there are that bytes wait in}
    private static long pieces() throws Exception {
        Object histogram =
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "gcClassHistogram",
                                new Object[] {new String[0]},
                                new String[] {String[].class.getName()});
        long sum = 0;
        Matcher rows = PIECES.matcher(String.valueOf(histogram));
        while (rows.find()) {
            sum += Long.parseLong(rows.group(1));
        }
        return sum;
    }

    @Test
    void aLineForAMemberThatDoesNotReadIsNoObject() throws Exception {
        Group group = rig.engine().group();
        Scripted deaf = new Scripted();
        deaf.onConnected(transport -> {
            transport.write(ByteBuffer.wrap(pattern(MUCH)));
            group.join(transport);
        });
        Scripted talker =
                new Scripted()
                        .onConnected(group::join)
                        .onReceived((_, bytes) -> group.broadcast(bytes));
        SocketAddress door = rig.doorFor(deaf, talker);
        rig.connectNarrow(door);
        Transport transport = deaf.transport();
        Client client = rig.connect(door);
        talker.transport();
        Rig.caughtUp(transport);
        Rig.eventually("both are members", () -> group.size() == 2);
        long before = pieces();
        String line = "a line that waits, as usual\n";
        for (int i = 0; i < LINES; i++) {
            assertThat(client.send(line).receive(line)).isEqualTo(line);
        }
        Rig.caughtUp(transport);
        assertThat(transport.queuedBytes()).isGreaterThan(LINES * (long) line.length());
        assertThat(pieces() - before).as("objects for %d lines", LINES).isLessThan(LINES / 20);
    }
}
