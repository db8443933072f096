package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class UringProbeTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void itTellsWhatThisKernelCanAndLeavesNothingOpen() {
        var open = new OpenDescriptors();
        open.remember();
        UringProbe probe = UringProbe.run();
        open.assertSame();
        assumeTrue(probe.whyNot().isEmpty(), "no io_uring here");
        assertThat(probe.lines())
                .startsWith("io_uring: yes, a request went through")
                .contains("feature EXT_ARG: yes", "operation SEND: yes", "setup flag CQSIZE: yes")
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(40);
        assertThat(probe.can(UringOperation.RECV)).isTrue();
        assertThat(probe.hasFeatures(UringParams.IORING_FEAT_NODROP)).isTrue();
        assertThat(probe.hasFeatures(1 << 30 | UringParams.IORING_FEAT_NODROP)).isFalse();
        assertThat(probe.acceptsSetup(UringParams.IORING_SETUP_CLAMP)).isTrue();
        assertThat(probe.acceptsSetup(1 << 30)).isFalse();
    }

    private static UringProbe failed(int errno, int disabled) {
        return new UringProbe(errno, disabled, 0, 0, Set.of(), false, false, false);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void itTellsWhyNot() {
        assertThat(failed(Errno.ENOSYS, -1).whyNot())
                .contains("io_uring: this kernel has none (Linux has it since 5.4)");
        assertThat(failed(Errno.EPERM, 2).whyNot())
                .contains("io_uring: switched off by the setting kernel.io_uring_disabled = 2");
        assertThat(failed(Errno.EPERM, 0).whyNot().orElseThrow()).contains("seccomp");
        assertThat(failed(Errno.ENOMEM, 0).whyNot().orElseThrow()).contains("ulimit -l");
        assertThat(failed(Errno.EMFILE, 0).whyNot())
                .contains("io_uring: EMFILE: too many open files in this process");
        assertThat(failed(Errno.EPERM, 1).lines())
                .containsExactly(
                        "io_uring: switched off by the setting kernel.io_uring_disabled = 1",
                        "kernel.io_uring_disabled: 1");
        assertThat(failed(Errno.ENOSYS, -1).lines())
                .contains("kernel.io_uring_disabled: no such setting");
    }

    @Test
    void whatAnOlderKernelLacksIsNamedWithTheOneThatHasIt() {
        var operations = EnumSet.of(UringOperation.NOP, UringOperation.SEND);
        int features = UringParams.IORING_FEAT_SINGLE_MMAP;
        int flags = UringParams.IORING_SETUP_CQSIZE;
        var probe = new UringProbe(0, 0, features, flags, operations, true, false, false);
        assertThat(probe.whyNot()).isEmpty();
        assertThat(probe.lines())
                .contains(
                        "kernel.io_uring_disabled: 0",
                        "setup flag CQSIZE: yes",
                        "setup flag DEFER_TASKRUN: no (Linux 6.1)",
                        "feature SINGLE_MMAP: yes",
                        "feature EXT_ARG: no (Linux 5.11)",
                        "buffers picked by the kernel: yes",
                        "buffers filled piece by piece: no (Linux 6.12)",
                        "direct descriptors picked by the kernel: no (Linux 6.0)",
                        "operation NOP: yes",
                        "operation SEND_ZC: no (Linux 6.0)");
        operations.add(UringOperation.RECV);
        assertThat(probe.can(UringOperation.RECV)).as("a copy").isFalse();
        assertThatThrownBy(() -> probe.operations().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void operationsHaveNumbersOfTheirOwnAndAscend() {
        List<Integer> opcodes =
                EnumSet.allOf(UringOperation.class).stream().map(UringOperation::opcode).toList();
        assertThat(opcodes).isSorted();
        assertThat(new HashSet<>(opcodes)).hasSameSizeAs(opcodes);
        assertThat(UringOperation.SEND_ZC.opcode()).isEqualTo(47);
        assertThat(UringOperation.FIXED_FD_INSTALL.opcode()).isEqualTo(54);
        assertThat(UringOperation.FIXED_FD_INSTALL.since()).isEqualTo("6.8");
    }
}
