package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// With the one option of java that the error names, the JDK's channels are watched by all.
@Timeout(120)
final class JdkChannelsTest {
    @TempDir Path folder;

    @Test
    void withTheOptionEveryMechanismWatchesEveryChannel() throws Exception {
        String printed =
                ChildJvm.run(
                        folder,
                        JdkChannels.class,
                        ChildJvm.ALLOWED,
                        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");
        assertThat(printed.lines())
                .containsExactlyElementsOf(
                        Stream.of("SELECT", "POLL", "EPOLL")
                                .flatMap(mechanism ->
                                        Stream.of(
                                                mechanism + ": []",
                                                mechanism + ": [door]",
                                                mechanism + ": [pipe]",
                                                mechanism + ": [datagrams]",
                                                mechanism + " closed: true true"))
                                .toList());
    }
}
