package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, LINUX_X86_64, true",
        "Linux, aarch64, LINUX_AARCH64, true",
        "Mac OS X, x86_64, MACOS_X86_64, false",
        "Mac OS X, aarch64, MACOS_AARCH64, false",
    })
    void theJvmsNamesAreKnown(String system, String machine, Platform expected, boolean linux) {
        assertThat(Platform.of(system, machine)).contains(expected);
        assertThat(expected.isLinux()).isEqualTo(linux);
        assertThat(expected.isMacos()).isEqualTo(!linux);
        assertThat(expected.pick(1, 2)).isEqualTo(linux ? 1 : 2);
    }

    @ParameterizedTest
    @CsvSource({"Linux, riscv64", "Linux, x86", "Windows 11, amd64", "SunOS, amd64", "'', ''"})
    void othersAreNot(String system, String machine) {
        assertThat(Platform.of(system, machine)).isEmpty();
    }

    @Test
    void thisMachineIsKnown() {
        assertThat(Platform.detect()).contains(Platform.current());
    }
}
