package dev.pollux.libc;

import java.util.Locale;
import java.util.Optional;

/// The systems whose constants and layouts are known here. All are 64-bit and little-endian.
public enum Platform {
    /// Linux on x86-64.
    LINUX_X86_64,
    /// Linux on 64-bit Arm.
    LINUX_AARCH64,
    /// macOS on x86-64.
    MACOS_X86_64,
    /// macOS on Apple silicon.
    MACOS_AARCH64;

    private static final Optional<Platform> DETECTED =
            of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));

    /// {@return the platform this JVM runs on}
    ///
    /// @throws UnsupportedOperationException if its layouts are not known here
    public static Platform current() {
        return DETECTED.orElseThrow(
                () -> new UnsupportedOperationException(whyUnknown().orElseThrow()));
    }

    /// {@return why nothing that needs a constant or a layout works here, in one line; empty on the
    /// platforms that are known}
    public static Optional<String> whyUnknown() {
        return DETECTED.isPresent()
                ? Optional.empty()
                : Optional.of(
                        "no C library layouts for %s on %s (known: Linux and macOS on x86-64 and aarch64)"
                                .formatted(
                                        System.getProperty("os.name"),
                                        System.getProperty("os.arch")));
    }

    /// {@return the platform this JVM runs on, or empty where its layouts are not known here}
    public static Optional<Platform> detect() {
        return DETECTED;
    }

    /// {@return whether the kernel is Linux}
    public boolean isLinux() {
        return this == LINUX_X86_64 || this == LINUX_AARCH64;
    }

    /// {@return whether the kernel is that of macOS}
    public boolean isMacos() {
        return !isLinux();
    }

    /// Picks by the names that the JVM uses in `os.name` and `os.arch`.
    static Optional<Platform> of(String osName, String osArch) {
        String system = osName.toLowerCase(Locale.ROOT);
        String machine =
                switch (osArch) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "aarch64";
                    default -> "";
                };
        if (machine.isEmpty()) {
            return Optional.empty();
        }
        boolean intel = machine.equals("x86_64");
        if (system.equals("linux")) {
            return Optional.of(intel ? LINUX_X86_64 : LINUX_AARCH64);
        }
        if (system.startsWith("mac")) {
            return Optional.of(intel ? MACOS_X86_64 : MACOS_AARCH64);
        }
        return Optional.empty();
    }

    /// Picks one of two constants.
    int pick(int linux, int macos) {
        return isLinux() ? linux : macos;
    }
}
