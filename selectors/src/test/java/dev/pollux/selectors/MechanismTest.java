package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Call;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.SystemCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
    void theBestIsTheFirstThatIsThere() throws Exception {
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
    void eachIsAvailableOrSaysWhyNot(Mechanism mechanism) throws Exception {
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
    void withoutADescriptorLeftNothingLeaks(Mechanism mechanism) throws Exception {
        for (int spare = 0; spare < 2; spare++) {
            Throwable thrown = withDescriptorsLeft(spare, () -> mechanism.poller().close());
            boolean enough = spare == 1 && mechanism != Mechanism.EPOLL;
            if (enough) {
                assertThat(thrown).isNull();
            } else {
                assertShortage(thrown);
            }
        }
    }

    /// Not something worse instead, nor that there is nothing on this machine.
    @Test
    void aSelectorWithoutADescriptorLeftIsRefusedForThat() throws Exception {
        for (int spare = 0; spare < 2; spare++) {
            assertShortage(withDescriptorsLeft(spare, () -> Selector.open().close()));
            assertShortage(withDescriptorsLeft(spare, Mechanism::best));
        }
        assertThat(withDescriptorsLeft(2, () -> Selector.open().close())).isNull();
    }

    private static void assertShortage(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EMFILE));
    }

    private interface Opening {
        void run() throws Exception;
    }

    /// What it throws when the process may have only so many descriptors more.
    private static Throwable withDescriptorsLeft(int spare, Opening opening) throws Exception {
        opening.run(); // Loads what needs descriptors to be loaded.
        long limit = Descriptors.nofileSoft();
        int lowest = DescriptorEnd.check(Descriptors.dup(0));
        DescriptorEnd.check(Descriptors.close(lowest));
        DescriptorEnd.check(Descriptors.setNofileSoft(lowest + spare));
        try {
            opening.run();
            return null;
        } catch (IOException | RuntimeException e) {
            return e;
        } finally {
            DescriptorEnd.check(Descriptors.setNofileSoft(limit));
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

    /// The kernel takes no longer array than the limit on descriptors, also if it is lowered later.
    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"EPOLL", "POLL", "SELECT"})
    void aLimitThatIsLoweredBelowWhatIsRegisteredEndsNoWait(Mechanism mechanism) throws Exception {
        var quiet = new ArrayList<DescriptorEnd[]>();
        DescriptorEnd[] last;
        try (Selector<String> selector = mechanism.open()) {
            for (int i = 0; i < 50; i++) {
                quiet.add(DescriptorEnd.socketPair());
                selector.register(quiet.get(i)[0], Selector.READ);
            }
            last = DescriptorEnd.socketPair();
            quiet.add(last);
            var key = selector.register(last[0], Selector.READ, "last");
            assertThat(selector.select(Duration.ofMillis(1))).isEmpty();

            long limit = Descriptors.nofileSoft();
            DescriptorEnd.check(Descriptors.setNofileSoft(20));
            List<Ready<String>> none;
            List<Ready<String>> woken;
            List<Ready<String>> one;
            try {
                none = selector.select(Duration.ofMillis(1));
                selector.wakeup();
                woken = selector.select();
                last[1].send("x");
                one = selector.select();
            } finally {
                DescriptorEnd.check(Descriptors.setNofileSoft(limit));
            }
            assertThat(none).isEmpty();
            assertThat(woken).isEmpty();
            assertThat(one).containsExactly(new Ready<>(key, Selector.READ));
        }
        for (DescriptorEnd[] pair : quiet) {
            pair[0].close();
            pair[1].close();
        }
    }

    /// The kernel does not look at bits beyond its table of descriptors, and leaves them as they
    /// were. Not by the threads that wait: they would all want the call linked at the same moment.
    @Test
    void selectIsTriedByWhoeverOpensIt() throws Exception {
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
        assertThat(ChildJvm.run(folder, WithoutTheLibrary.class, "-Dos.name=Plan 9"))
                .contains("nio waited")
                .contains("Plan 9");
    }

    /// So will every JVM be one day that is not told otherwise (JEP 472).
    @Test
    void withoutNativeAccessTheJdksSelectorIsLeftAndTheRestSaysWhyNot(@TempDir Path folder)
            throws Exception {
        assertThat(ChildJvm.run(folder, WithoutTheLibrary.class, "--illegal-native-access=deny"))
                .contains("nio waited")
                .contains("start java with --enable-native-access=ALL-UNNAMED");
    }

    /// Neither what is there nor what is not may be forgotten for the life of the process.
    @Test
    void oneMomentWithoutDescriptorsIsNotRemembered(@TempDir Path folder) throws Exception {
        assertThat(ChildJvm.run(folder, AtFirstWithoutDescriptors.class, ChildJvm.ALLOWED))
                .containsSubsequence("at first: Optional[socket: EMFILE", "then epoll");
    }
}
