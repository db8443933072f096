package dev.pollux.engines.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.EngineObserver;
import dev.pollux.engines.Limits;
import dev.pollux.engines.OpenDescriptors;
import dev.pollux.engines.loop.Driver;
import dev.pollux.engines.loop.LoopEngine;
import dev.pollux.engines.models.IoModel;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A ring that cannot be opened, which a door without room tries again and again.
@Timeout(60)
final class UringDriverTest {
    private static final int ATTEMPTS = 10_000;

    @BeforeAll
    static void needsIoUring() {
        assumeTrue(IoModel.IO_URING.isAvailable(), () -> IoModel.IO_URING.whyNot().orElse(""));
    }

    private static void assertCannotBeOpened(RingSizes sizes, int times) throws IOException {
        Driver.Opening drivers = loop -> new UringDriver(loop, sizes);
        for (int i = 0; i < times; i++) {
            assertThatThrownBy(() ->
                            new LoopEngine(
                                    new UringModel(drivers),
                                    Limits.DEFAULT,
                                    1,
                                    EngineObserver.SILENT))
                    .isInstanceOf(ErrnoException.class)
                    .hasMessageContaining("io_uring");
        }
    }

    /// No ring has room for no request.
    @Test
    void oneThatCannotBeOpenedLeavesNoMemory() throws Exception {
        RingSizes none = new RingSizes(0, 4, 2, 48, 2, 96, 16);
        assertCannotBeOpened(none, ATTEMPTS / 10);
        long before = dataKib();
        assertCannotBeOpened(none, ATTEMPTS);
        assertThat(dataKib() - before).as("KiB").isLessThan(ATTEMPTS * 64L / 2);
    }

    private static long dataKib() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            String data =
                    lines.filter(line -> line.startsWith("VmData:")).findFirst().orElseThrow();
            return Long.parseLong(data.replaceAll("\\D", ""));
        }
    }

    /// Three buffers are no power of two.
    @Test
    void oneWhoseBuffersAreRefusedLeavesNoDescriptor() throws Exception {
        OpenDescriptors open = new OpenDescriptors();
        assertCannotBeOpened(new RingSizes(8, 16, 3, 48, 2, 96, 16), 3);
        open.assertSame();
    }

    /// A table of files that is longer than any may be.
    @Test
    void oneWhoseTableIsRefusedLeavesNoDescriptor() throws Exception {
        OpenDescriptors open = new OpenDescriptors();
        assertCannotBeOpened(new RingSizes(8, 16, 2, 48, 2, 96, -1), 3);
        open.assertSame();
    }
}
