package dev.pollux.engines.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.Engine;
import dev.pollux.engines.Limits;
import dev.pollux.engines.models.IoModel;
import dev.pollux.libc.Errno;
import dev.pollux.libc.UringOperation;
import dev.pollux.libc.UringParams;
import dev.pollux.libc.UringProbe;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Kernels that lack something, each of which must be told what.
final class UringNeedsTest {
    private static final Set<UringOperation> ALL = EnumSet.allOf(UringOperation.class);

    private static UringProbe kernel(int setup, int features, Set<UringOperation> operations) {
        return new UringProbe(0, 0, features, setup, operations, true, true, true);
    }

    @Test
    void aKernelThatHasAllDoes() {
        assertThat(UringNeeds.whyNot(kernel(Ring.SETUP, Ring.FEATURES, ALL))).isEmpty();
    }

    @Test
    void aKernelWithoutIoUring() {
        UringProbe probe = new UringProbe(Errno.ENOSYS, -1, 0, 0, Set.of(), false, false, false);
        assertThat(UringNeeds.whyNot(probe))
                .hasValueSatisfying(why -> assertThat(why).contains("none"));
    }

    @Test
    void anAdministratorWhoHasSwitchedItOff() {
        UringProbe probe = new UringProbe(Errno.EPERM, 2, 0, 0, Set.of(), false, false, false);
        assertThat(UringNeeds.whyNot(probe))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("kernel.io_uring_disabled = 2"));
    }

    @Test
    void aKernelOlderThanDeferredWork() {
        int setup = Ring.SETUP & ~UringParams.IORING_SETUP_DEFER_TASKRUN;
        assertThat(UringNeeds.whyNot(kernel(setup, Ring.FEATURES, ALL)))
                .hasValueSatisfying(why -> assertThat(why).contains("DEFER_TASKRUN (Linux 6.1)"));
    }

    @Test
    void aKernelWithoutAFlagOrAFeature() {
        int setup = Ring.SETUP & ~UringParams.IORING_SETUP_R_DISABLED;
        assertThat(UringNeeds.whyNot(kernel(setup, Ring.FEATURES, ALL)))
                .hasValueSatisfying(why -> assertThat(why).contains("a setup flag or feature"));
        int features = Ring.FEATURES & ~UringParams.IORING_FEAT_NODROP;
        assertThat(UringNeeds.whyNot(kernel(Ring.SETUP, features, ALL)))
                .hasValueSatisfying(why -> assertThat(why).contains("a setup flag or feature"));
    }

    @Test
    void aKernelThatCannotPickBuffersOrDescriptors() {
        UringProbe probe = new UringProbe(0, 0, Ring.FEATURES, Ring.SETUP, ALL, false, false, true);
        assertThat(UringNeeds.whyNot(probe))
                .hasValueSatisfying(why -> assertThat(why).contains("buffers picked"));
        probe = new UringProbe(0, 0, Ring.FEATURES, Ring.SETUP, ALL, true, true, false);
        assertThat(UringNeeds.whyNot(probe))
                .hasValueSatisfying(why -> assertThat(why).contains("direct descriptors"));
    }

    @ParameterizedTest
    @EnumSource(
            value = UringOperation.class,
            names = {
                "ACCEPT",
                "RECV",
                "SEND",
                "SENDMSG",
                "POLL_ADD",
                "SHUTDOWN",
                "ASYNC_CANCEL",
                "CLOSE",
                "CONNECT"
            })
    void aKernelWithoutAnOperation(UringOperation missing) {
        Set<UringOperation> operations = EnumSet.copyOf(ALL);
        operations.remove(missing);
        assertThat(UringNeeds.whyNot(kernel(Ring.SETUP, Ring.FEATURES, operations)))
                .hasValueSatisfying(why ->
                        assertThat(why)
                                .contains("the operation " + missing)
                                .contains(missing.since()));
    }

    @Test
    void modelsOfferedHereOpenAndOthersSayWhy() throws Exception {
        if (IoModel.IO_URING.isAvailable()) {
            try (Engine engine = IoModel.IO_URING.open(Limits.DEFAULT)) {
                assertThat(engine.name()).isEqualTo("io_uring");
            }
        } else {
            assertThat(IoModel.IO_URING.whyNot()).isPresent();
        }
    }
}
