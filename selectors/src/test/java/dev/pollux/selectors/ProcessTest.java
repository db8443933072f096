package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pollux.libc.Descriptors;
import java.io.IOException;
import java.time.Duration;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A process is readable once it has ended, and what was opened for it is closed with its
/// registration.
@ParameterizedClass
@EnumSource(
        value = Mechanism.class,
        names = {"SELECT", "POLL", "EPOLL"})
@ExtendWith(LeakCheck.class)
@Timeout(60)
class ProcessTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Parameter Mechanism mechanism;

    /// It ends when its input does.
    private Process child;

    @BeforeEach
    void start() throws IOException {
        child =
                new ProcessBuilder("cat")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        child.getErrorStream().close(); // The JDK itself would some time after the end.
    }

    @AfterEach
    void end() throws Exception {
        child.getOutputStream().close();
        child.waitFor();
    }

    @Test
    void itIsReadableOnceItHasEnded() throws Exception {
        try (Selector<String> selector = mechanism.open()) {
            SelectorKey<String> key = selector.register(child, Selector.READ, "child");
            assertThat(selector.select(Duration.ZERO)).isEmpty();
            child.getOutputStream().close();
            assertThat(selector.select(SOON)).containsExactly(new Ready<>(key, Selector.READ));
            assertThat(key.fileobj()).isSameAs(child);
            assertThat(selector.key(child)).isSameAs(key);
            assertThat(selector.keys().get(child)).isSameAs(key);
            assertThat(selector.unregister(child)).isSameAs(key);
            assertThat(child.waitFor()).isZero();
        }
    }

    @Test
    void itIsRegisteredOnce() throws Exception {
        try (Selector<String> selector = mechanism.open()) {
            int fd = selector.register(child, Selector.READ).fd();
            assertThatIllegalStateException()
                    .isThrownBy(() -> selector.register(child, Selector.READ))
                    .withMessage("already registered: fd " + fd);
            selector.unregister(fd);
            assertThatExceptionOfType(NoSuchElementException.class)
                    .isThrownBy(() -> selector.key(fd));
            assertThatIllegalArgumentException().isThrownBy(() -> selector.unregister(child));
            assertThat(selector.register(child, Selector.READ).fileobj()).isSameAs(child);
        } // What was opened for it is closed with the selector, as the check for leaks sees.
    }

    @Test
    void aSelectorIsClosedThoughSomebodyHasClosedTheNumber() throws Exception {
        Selector<String> selector = mechanism.open();
        Descriptors.close(selector.register(child, Selector.READ).fd());
        selector.close();
        assertThat(selector.isOpen()).isFalse();
    } // And nothing is left open, as the check for leaks sees.

    @Test
    void whatIsRefusedLeavesNothingOpen() throws Exception {
        try (Selector<String> selector = mechanism.open()) {
            Interest edge = Interest.edge(Selector.READ);
            if (mechanism != Mechanism.EPOLL) {
                assertThatExceptionOfType(UnsupportedOperationException.class)
                        .isThrownBy(() -> selector.register(child, edge, "child"));
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> selector.register(child, Selector.PRIORITY, "child"));
            assertThat(selector.keys()).isEmpty();
        }
        try (Selector<String> nio = Mechanism.NIO.open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> nio.register(child, Selector.READ))
                    .withMessageContaining("nio watches SelectableChannels, not processes");
        }
    }
}
