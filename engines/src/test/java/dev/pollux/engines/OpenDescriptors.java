package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Which descriptors are open and what they are, to see that a test gives back what it takes.
public final class OpenDescriptors {
    private final Set<String> before = now();

    /// {@return the numbers of those that are open on something}
    public static Set<Integer> of(String target) {
        Set<Integer> numbers = new TreeSet<>();
        for (String fd : now()) {
            if (fd.endsWith(" " + target)) {
                numbers.add(Integer.valueOf(fd.substring(0, fd.indexOf(' '))));
            }
        }
        return numbers;
    }

    public void assertSame() {
        Set<String> left = now();
        left.removeAll(before);
        // The JVM's own: jars of classes used for the first time, and its random numbers.
        left.removeIf(fd -> fd.endsWith(".jar") || fd.endsWith("random"));
        assertThat(left).as("descriptors left open").isEmpty();
    }

    private static Set<String> now() {
        var open = new TreeSet<String>();
        for (String fd : Objects.requireNonNull(new File("/proc/self/fd").list())) {
            try {
                open.add(fd + " " + Files.readSymbolicLink(Path.of("/proc/self/fd", fd)));
            } catch (IOException _) {
                // The one that was open to read the folder.
            }
        }
        return open;
    }
}
