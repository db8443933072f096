package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Call;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.SystemCalls;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Which mechanisms there are, which is taken, and why another is not.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class MechanismTest {
    @Test
    void theBestIsTheFirstThatIsThere() {
        assertThat(List.of(Mechanism.values()))
                .containsExactly(
                        Mechanism.KQUEUE,
                        Mechanism.EPOLL,
                        Mechanism.DEVPOLL,
                        Mechanism.POLL,
                        Mechanism.SELECT,
                        Mechanism.NIO);
        assertThat(Mechanism.best()).isEqualTo(Mechanism.EPOLL);
        try (Selector<String> selector = Selector.open()) {
            assertThat(selector.name()).isEqualTo("epoll");
        }
    }

    @ParameterizedTest
    @EnumSource(Mechanism.class)
    void eachIsAvailableOrSaysWhyNot(Mechanism mechanism) {
        boolean expected = mechanism != Mechanism.KQUEUE && mechanism != Mechanism.DEVPOLL;
        assertThat(mechanism.isAvailable()).isEqualTo(expected);
        if (expected) {
            assertThat(mechanism.whyNot()).isEmpty();
            try (Selector<String> selector = mechanism.open()) {
                assertThat(selector.name()).isEqualToIgnoringCase(mechanism.name());
            }
        } else {
            String reason = mechanism.whyNot().orElseThrow();
            assertThat(reason).contains(mechanism.name().toLowerCase()).doesNotContain("\n");
            assertThatThrownBy(mechanism::open)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage(reason);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"EPOLL", "POLL", "SELECT"})
    void withoutADescriptorLeftNothingLeaks(Mechanism mechanism) {
        mechanism.poller().close(); // Loads what needs descriptors to be loaded.
        long limit = Descriptors.nofileSoft();
        int lowest = DescriptorEnd.check(Descriptors.dup(0));
        DescriptorEnd.check(Descriptors.close(lowest));
        for (int spare = 0; spare < 2; spare++) {
            DescriptorEnd.check(Descriptors.setNofileSoft(lowest + spare));
            Throwable thrown = null;
            try {
                mechanism.poller().close();
            } catch (UncheckedIOException e) {
                thrown = e.getCause();
            } finally {
                DescriptorEnd.check(Descriptors.setNofileSoft(limit));
            }
            boolean enough = spare == 1 && mechanism != Mechanism.EPOLL;
            if (enough) {
                assertThat(thrown).isNull();
            } else {
                assertThat(thrown)
                        .isInstanceOfSatisfying(
                                ErrnoException.class,
                                e -> assertThat(e.errno()).isEqualTo(Errno.EMFILE));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"POLL", "SELECT"})
    void aLenientSelectorTakesWhatIsNotOpen(Mechanism mechanism) throws Exception {
        DescriptorEnd[] pair = DescriptorEnd.socketPair();
        try (Selector<String> selector = mechanism.openLenient()) {
            int closed = pair[1].fd();
            pair[1].close();
            selector.register(closed, Selector.READ);
            var open = selector.register(pair[0], Selector.WRITE);

            assertThat(selector.select(Duration.ofSeconds(30)))
                    .extracting(ready -> ready.key().fd())
                    .containsExactlyInAnyOrder(closed, pair[0].fd());
            selector.unregister(closed);
            assertThat(selector.select()).containsExactly(new Ready<>(open, Selector.WRITE));
            assertThatThrownBy(() -> selector.register(1 << 30, Selector.READ))
                    .isInstanceOf(ErrnoException.class);
        }
        pair[0].close();
    }

    /// The kernel does not look at bits beyond its table of descriptors, and leaves them as they
    /// were. Not by the threads that wait: they would all want the call linked at the same moment.
    @Test
    void selectIsTriedByWhoeverOpensIt() {
        long before = SystemCalls.current().count(Call.PSELECT);
        Mechanism.SELECT.open().close();
        assertThat(SystemCalls.current().count(Call.PSELECT)).isGreaterThan(before);
    }

    @Test
    void selectIsNotFooledByBitsBeyondTheTable() throws Exception {
        DescriptorEnd[] pair = DescriptorEnd.socketPair();
        try (Selector<String> selector = Mechanism.SELECT.openLenient()) {
            selector.register(3_000_000, Selector.READ);
            assertThat(selector.select(Duration.ZERO)).isEmpty();
            var open = selector.register(pair[0], Selector.WRITE);
            assertThat(selector.select(Duration.ZERO))
                    .containsExactly(new Ready<>(open, Selector.WRITE));
        }
        pair[0].close();
        pair[1].close();
    }

    /// A JVM on a platform that is not known here still has the JDK's selector.
    @Test
    void anUnknownPlatformFallsBackToTheJdk(@TempDir Path folder) throws Exception {
        Path output = folder.resolve("output");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process =
                new ProcessBuilder(
                                java,
                                "-Dos.name=Plan 9",
                                "-cp",
                                classPath(),
                                OnUnknownPlatform.class.getName())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        process.getOutputStream().close();
        process.getErrorStream().close(); // The JDK itself would close it some time after the end.
        int status = process.waitFor();
        assertThat(Files.readString(output)).contains("nio waited").contains("Plan 9");
        assertThat(status).isZero();
    }

    private static String classPath() {
        return String.join(
                ":", where(OnUnknownPlatform.class), where(Mechanism.class), where(Errno.class));
    }

    private static String where(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }
}
