package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.models.IoModel;
import java.lang.management.ManagementFactory;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What an idle connection keeps alive in the heap, as a heap histogram counts it: the engine's
/// objects and tables, and those of the selector.
@ParameterizedClass(name = "{0}")
@EnumSource(names = {"EPOLL", "EPOLL_ET", "IO_URING"})
@Timeout(60)
final class IdleHeapTest {
    private static final int CONNECTIONS = 1500;
    private static final int BYTES_MAX = 256;

    /// A row: number, instances, bytes, class, module.
    private static final Pattern OURS =
            Pattern.compile(
                    "(?m)^ *\\d+: +\\d+ +(\\d+) +(?:\\[+L)?dev\\.pollux\\.(?!engines\\.Client)");

    /// One for all: what a protocol holds is its own affair.
    private static final Protocol NOBODY =
            new Protocol() {
                @Override
                public void connected(Transport transport) {
                    // Nothing is kept of it.
                }

                @Override
                public void received(ByteBuffer bytes) {
                    bytes.position(bytes.limit());
                }
            };

    @RegisterExtension final Rig rig;

    IdleHeapTest(IoModel model) {
        rig = new Rig(new Flavor(model, 1));
    }

    private static long bytesOfOurs() throws Exception {
        Object histogram =
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "gcClassHistogram",
                                new Object[] {new String[0]},
                                new String[] {String[].class.getName()});
        long sum = 0;
        Matcher rows = OURS.matcher(String.valueOf(histogram));
        while (rows.find()) {
            sum += Long.parseLong(rows.group(1));
        }
        return sum;
    }

    @Test
    void anIdleConnectionIsSmall() throws Exception {
        SocketAddress door = rig.doorUnwatched(() -> NOBODY);
        rig.connect(door);
        rig.awaitOpen(1);
        long before = bytesOfOurs();
        for (int i = 0; i < CONNECTIONS; i++) {
            rig.connect(door);
        }
        rig.awaitOpen(CONNECTIONS + 1);
        long each = (bytesOfOurs() - before) / CONNECTIONS;
        assertThat(each).as("bytes of heap for each").isBetween(100L, (long) BYTES_MAX);
    }
}
