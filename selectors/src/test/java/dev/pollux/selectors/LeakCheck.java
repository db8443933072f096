package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
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
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(LeakCheck.class);
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private static boolean warm;

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put("before", open());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        assertThat(open()).isEqualTo(context.getStore(NAMESPACE).get("before"));
    }

    /// The JDK opens a pair of sockets for itself when a registered channel is closed the first
    /// time.
    private static void warmUp() throws IOException {
        ChannelEnd[] pair = ChannelEnd.pair();
        try (var selector = java.nio.channels.Selector.open()) {
            for (ChannelEnd end : pair) {
                end.channel().register(selector, SelectionKey.OP_READ);
                end.close();
            }
            selector.selectNow();
        }
    }

    /// What each descriptor is.
    static Map<String, String> open() {
        try {
            if (!warm) {
                warmUp();
                warm = true;
            }
            return listed();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> listed() throws IOException {
        var open = new TreeMap<String, String>();
        try (var links = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path link : links) {
                String target = target(link);
                if (!target.startsWith("/") || target.startsWith("/dev/pt")) {
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
