package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Which descriptors are open and what they are, to see that a test gives back what it takes: as an
/// extension around each test, after everything it closes itself, or by hand.
final class OpenDescriptors implements BeforeEachCallback, AfterEachCallback {
    private final Set<String> before = new TreeSet<>();

    @Override
    public void beforeEach(ExtensionContext context) {
        remember();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        assertSame();
    }

    void remember() {
        before.addAll(now());
    }

    void assertSame() {
        Set<String> left = now();
        left.removeAll(before);
        // The JVM's own, opened with its first random number.
        left.removeIf(fd -> fd.endsWith("/dev/random") || fd.endsWith("/dev/urandom"));
        assertThat(left).as("descriptors left open").isEmpty();
    }

    private static Set<String> now() {
        var open = new TreeSet<String>();
        for (String fd : Objects.requireNonNull(new File("/proc/self/fd").list())) {
            if (Descriptors.isOpen(Integer.parseInt(fd))) {
                open.add(fd + " " + target(Path.of("/proc/self/fd", fd)));
            }
        }
        return open;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
