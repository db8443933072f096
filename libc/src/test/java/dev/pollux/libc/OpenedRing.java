package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// What a test of requests starts with: a ring opened disabled, as engines open theirs, and enabled
/// by the test's thread; and zeroed memory. Skips the test where the kernel has no such ring, and
/// fails it if it leaves a descriptor open.
final class OpenedRing implements AfterEachCallback {
    private static final int MEMORY_BYTES = 8192;

    private final OpenDescriptors open = new OpenDescriptors();
    private final long memory;
    private final Ring ring;

    OpenedRing() {
        UringProbe probe = UringProbe.run();
        assumeTrue(probe.whyNot().isEmpty(), "no io_uring here");
        assumeTrue(probe.acceptsSetup(Ring.DEFERRED), "this kernel is too old");
        open.remember();
        try {
            ring = Ring.open(Ring.DEFERRED | UringParams.IORING_SETUP_R_DISABLED);
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(UringRegister.enable(ring.fd())).isZero();
        memory = Memory.allocateZeroed(MEMORY_BYTES);
    }

    Ring ring() {
        return ring;
    }

    long memory() {
        return memory;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        ring.close();
        Memory.free(memory);
        open.assertSame();
    }
}
