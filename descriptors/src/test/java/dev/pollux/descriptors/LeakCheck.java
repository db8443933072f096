package dev.pollux.descriptors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Fails a test that leaves descriptors open. Regular files do not count: the JVM opens those as it
/// loads classes.
final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
    private Map<String, String> before = Map.of();

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        before = open();
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        assertThat(open()).isEqualTo(before);
    }

    /// What each descriptor is.
    static Map<String, String> open() throws IOException {
        var open = new TreeMap<String, String>();
        try (var links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path link : links) {
                String target = target(link);
                if (!target.startsWith("/") || target.startsWith("/dev/")) {
                    open.put(link.getFileName().toString(), target);
                }
            }
        }
        return open;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "/gone"; // The descriptor of this very listing.
        }
    }
}
