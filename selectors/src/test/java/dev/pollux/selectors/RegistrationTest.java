package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.descriptors.Descriptor;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.EventfdCalls;
import java.io.FileDescriptor;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What every mechanism owes who registers: keys, identity, closed objects, errors and their order.
@ParameterizedClass
@EnumSource(value = Bench.class, mode = EnumSource.Mode.EXCLUDE, names = "NIO")
@Timeout(60)
class RegistrationTest {
    private static final Duration NOW = Duration.ZERO;

    private final Bench bench;

    @RegisterExtension final Scene<Poller, DescriptorEnd> scene;
    private final Selector<String> selector;
    private final DescriptorEnd near;
    private final DescriptorEnd far;

    RegistrationTest(Bench bench) {
        this.bench = bench;
        scene = Scene.over(bench::poller);
        selector = scene.selector;
        near = scene.near;
        far = scene.far;
    }

    @Test
    void registerReturnsTheKey() throws Exception {
        SelectorKey<String> key = selector.register(near, Selector.READ, "甲");

        assertThat(key).isEqualTo(new SelectorKey<>(near, near.fd(), Selector.READ, "甲"));
        assertThat(selector.key(near)).isSameAs(key);
        assertThat(selector.key(near.fd())).isSameAs(key);
    }

    @Test
    void registerWithoutDataHasNone() throws Exception {
        assertThat(selector.register(near, Selector.WRITE).data()).isNull();
    }

    @Test
    void badEventsComeBeforeBadObjects() {
        for (int events : new int[] {0, 4, 7, 8, 999_999, -1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> selector.register(-1, events))
                    .withMessageContaining("READ, WRITE");
        }
    }

    @Test
    void badObjectsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector.register(-10, Selector.READ));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector.register(() -> -1, Selector.READ));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector.register(new FileDescriptor(), Selector.READ));
        for (Object bad : new Object[] {-10, "text", 1.5}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> selector.modify(bad, Selector.READ));
            assertThatIllegalArgumentException().isThrownBy(() -> selector.key(bad));
        }
        Descriptor broken =
                () -> {
                    throw new IllegalStateException("gone");
                };
        assertThatIllegalStateException()
                .as("what a user's code throws comes through as it is")
                .isThrownBy(() -> selector.register(broken, Selector.READ))
                .withMessage("gone");
        assertThatIllegalStateException().isThrownBy(() -> selector.key(broken));
    }

    @Test
    void whatIsRegisteredAndClosedByNowIsAlreadyRegistered() throws Exception {
        int fd = EventfdCalls.create(0, 0);
        var open = new AtomicBoolean(true);
        Descriptor object = () -> open.get() ? fd : -1;
        selector.register(object, Selector.READ);
        open.set(false);
        assertThatIllegalStateException()
                .isThrownBy(() -> selector.register(object, Selector.READ))
                .withMessage("already registered: fd " + fd);
        selector.unregister(object);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector.register(object, Selector.READ));
        Descriptors.close(fd);
    }

    @Test
    void anObjectThatCannotEvenSayWhatItIsIsRefusedInWords() {
        Descriptor nameless =
                new Descriptor() {
                    @Override
                    public int fd() {
                        return -1;
                    }

                    @Override
                    public String toString() {
                        throw new ArithmeticException("no name");
                    }
                };
        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector.register(nameless, Selector.READ))
                .withMessageContaining("closed, or never a descriptor");
        assertThatIllegalArgumentException().isThrownBy(() -> selector.key(nameless));
    }

    @Test
    void channelsOfTheJdkAreRefusedInWords() throws Exception {
        Pipe pipe = Pipe.open();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector.register(pipe.source(), Selector.READ))
                .withMessageContaining("--add-exports java.base/sun.nio.ch=")
                .withMessageContaining("or use the nio mechanism");
        pipe.source().close();
        pipe.sink().close();
    }

    /// It would take its place, and no wakeup would arrive any more.
    @Test
    void whatTheSelectorIsWokenByIsRefused() throws Exception {
        int own = scene.poller.wakeFd();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector.register(own, Selector.READ))
                .withMessageContaining("woken by");
        assertThatThrownBy(() -> selector.unregister(own))
                .isInstanceOf(NoSuchElementException.class);
        selector.wakeup();
        assertThat(selector.select()).isEmpty();
    }

    /// It is the caller's code that is asked for a number, and it may do anything.
    @Test
    void aDescriptorThatClosesTheSelectorIsNotRegistered() {
        Descriptor closing =
                () -> {
                    selector.close();
                    return near.fd();
                };
        assertThatThrownBy(() -> selector.register(closing, Selector.READ))
                .isInstanceOf(ClosedSelectorException.class);
        assertThat(selector.keys()).isEmpty();
    }

    /// Else whoever registers with a lock of the application's held would wait for it for ever.
    @Test
    void aDescriptorThatIsSlowHoldsUpNobody() throws Exception {
        Descriptor slow =
                () -> {
                    try {
                        Waiting.in(() -> selector.register(far, Selector.READ)).result();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    return near.fd();
                };
        selector.register(slow, Selector.READ);
        assertThat(selector.keys()).hasSize(2);
    }

    @Test
    void theNumberAndTheObjectAreOneKey() throws Exception {
        selector.register(near, Selector.READ);

        assertThatIllegalStateException()
                .isThrownBy(() -> selector.register(near, Selector.READ))
                .withMessageContaining("fd " + near.fd());
        assertThatIllegalStateException()
                .isThrownBy(() -> selector.register(near.fd(), Selector.WRITE));
        assertThat(selector.keys()).hasSize(1);
    }

    @Test
    void aClosedNumberIsRefusedAndRolledBack() {
        int closed = near.fd();
        near.close();

        assertThatThrownBy(() -> selector.register(closed, Selector.READ))
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBADF))
                .hasMessageContaining("fd " + closed);
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void aNumberBeyondEveryTableIsRefused() {
        for (int fd : new int[] {30_000_000, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> selector.register(fd, Selector.READ))
                    .isInstanceOf(ErrnoException.class);
            assertThat(selector.keys()).isEmpty();
        }
    }

    @Test
    void aNumberBeyondEveryTableLeavesNoRoomForItBehind() {
        var table = new KeyTable<String>();
        var registry = new Registry<>(scene.poller, table);
        assertThatThrownBy(() -> registry.add(0, Integer.MAX_VALUE, Interest.level(1), "no data"))
                .isInstanceOf(ErrnoException.class)
                .hasMessageContaining("EBADF");
        assertThat(table.capacity()).isLessThan(Short.MAX_VALUE);
    }

    @Test
    void unregisterReturnsTheKeyOnce() throws Exception {
        SelectorKey<String> key = selector.register(near, Selector.READ, "甲");

        assertThat(selector.unregister(near)).isSameAs(key);
        assertThatThrownBy(() -> selector.unregister(near))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("fd " + near.fd());
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void unregisterAfterTheNumberWasClosed() throws Exception {
        int first = near.fd();
        int second = far.fd();
        selector.register(first, Selector.READ);
        selector.register(second, Selector.WRITE);
        near.close();
        far.close();

        assertThat(selector.unregister(first).fd()).isEqualTo(first);
        assertThat(selector.unregister(second).fd()).isEqualTo(second);
    }

    @Test
    void unregisterAfterTheNumberWasClosedAndReused() throws Exception {
        int first = near.fd();
        int second = far.fd();
        selector.register(first, Selector.READ);
        selector.register(second, Selector.WRITE);
        DescriptorEnd[] other = DescriptorEnd.socketPair();
        DescriptorEnd.check(Descriptors.dup2(other[0].fd(), first));
        DescriptorEnd.check(Descriptors.dup2(other[1].fd(), second));

        selector.unregister(first);
        selector.unregister(second);

        assertThat(selector.keys()).isEmpty();
        other[0].close();
        other[1].close();
    }

    @Test
    void closedObjectsAreFoundByTheirIdentity() throws Exception {
        int fd = near.fd();
        SelectorKey<String> key = selector.register(near, Selector.READ, "甲");
        near.close();

        assertThat(selector.key(near)).isSameAs(key);
        assertThat(selector.keys().get(near)).isSameAs(key);
        assertThat(selector.unregister(near).fd()).isEqualTo(fd);
        assertThatIllegalArgumentException().isThrownBy(() -> selector.key(near));
        assertThatIllegalArgumentException().isThrownBy(() -> selector.unregister(near));
        assertThatIllegalArgumentException().isThrownBy(() -> selector.keys().containsKey(near));
    }

    @Test
    void modifyChangesEventsAndData() throws Exception {
        SelectorKey<String> first = selector.register(near, Selector.READ, "甲");

        SelectorKey<String> second = selector.modify(near, Selector.WRITE, "甲");
        assertThat(second).isEqualTo(new SelectorKey<>(near, near.fd(), Selector.WRITE, "甲"));
        SelectorKey<String> third = selector.modify(near.fd(), Selector.WRITE, "乙");
        assertThat(third).isEqualTo(new SelectorKey<>(near, near.fd(), Selector.WRITE, "乙"));
        assertThat(selector.key(near)).isSameAs(third);
        assertThat(first.events()).isEqualTo(Selector.READ);
    }

    @Test
    void modifyToTheSameIsTheSameKey() throws Exception {
        SelectorKey<String> key = selector.register(near, Selector.READ, "甲乙");
        long before = calls();

        assertThat(selector.modify(near, Selector.READ, "甲" + "乙".substring(0))).isSameAs(key);
        assertThat(selector.modify(near, Selector.READ, "丙").data()).isEqualTo("丙");
        assertThat(calls()).as("system calls").isEqualTo(before);
    }

    private long calls() {
        return selector.statistics().systemCalls().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    @Test
    void modifyWithoutDataResetsIt() throws Exception {
        selector.register(near, Selector.READ, "甲");

        assertThat(selector.modify(near, Selector.READ).data()).isNull();
    }

    @Test
    void modifyOfTheUnknownFails() {
        assertThatThrownBy(() -> selector.modify(near, Selector.READ))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void modifyWithBadEventsKeepsTheKey() throws Exception {
        SelectorKey<String> key = selector.register(near, Selector.READ, "甲");

        assertThatIllegalArgumentException().isThrownBy(() -> selector.modify(near, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> selector.modify(near, 1 << 7));
        assertThat(selector.key(near)).isSameAs(key);
    }

    @Test
    void modifyEventsKeepsTheDataAndTheTrigger() throws Exception {
        selector.register(near, Interest.oneShot(Selector.READ), "甲");
        SelectorKey<String> key = selector.modifyEvents(near, Selector.WRITE);
        assertThat(key).isEqualTo(new SelectorKey<>(near, near.fd(), Selector.WRITE, "甲"));
        assertThat(selector.select()).containsExactly(new Ready<>(key, Selector.WRITE));
        assertThat(selector.select(NOW)).as("it is reported once").isEmpty();
        selector.modifyEvents(near.fd(), Selector.WRITE);
        assertThat(selector.select()).extracting(Ready::events).containsExactly(Selector.WRITE);

        assertThatIllegalArgumentException().isThrownBy(() -> selector.modifyEvents(near, 0));
        assertThatThrownBy(() -> selector.modifyEvents(far, Selector.READ))
                .isInstanceOf(NoSuchElementException.class);
        selector.modify(near, Selector.WRITE, "乙");
        assertThat(selector.modifyEvents(near, Selector.WRITE)).isSameAs(selector.key(near));
    }

    @Test
    void keysIsComparedWithAnyMap() throws Exception {
        SelectorKey<String> key = selector.register(near, Selector.READ);
        var keys = selector.keys();
        assertThat(new HashMap<>(Map.of("a", 1)).equals(keys)).isFalse();
        assertThat(new HashMap<>(Map.of(-1, 1)).equals(keys)).isFalse();
        assertThat(new HashMap<>(Map.of(near.fd(), key)).equals(keys)).isTrue();
        assertThat(keys.equals(Map.of("a", 1))).isFalse();
        assertThat(keys.get("a")).isNull();
        assertThat(keys.containsKey(null)).isFalse();
    }

    @Test
    void keysIsOneLiveReadOnlyView() throws Exception {
        var keys = selector.keys();
        assertThat(keys).isEmpty();

        SelectorKey<String> key = selector.register(near, Selector.READ, "甲");

        assertThat(selector.keys()).isSameAs(keys);
        assertThat(keys).hasSize(1).containsEntry(near.fd(), key);
        assertThat(keys.keySet()).containsExactly(near.fd());
        assertThat(keys.values()).containsExactly(key);
        assertThat(keys.get(near)).isSameAs(key);
        assertThat(keys.get(far)).isNull();
        assertThat(keys.containsKey(far)).isFalse();
        assertThatThrownBy(() -> keys.remove(near.fd()))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> keys.put(near.fd(), key))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(keys::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> keys.values().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void closeEmptiesTheViewAndRefusesTheRest() throws Exception {
        var keys = selector.keys();
        selector.register(near, Selector.READ);
        selector.register(far, Selector.READ);

        selector.close();
        selector.close();

        assertThat(selector.isOpen()).isFalse();
        assertThat(keys).isEmpty();
        assertThat(keys.get(near)).isNull();
        assertThat(selector.fd()).isEmpty();
        assertThatThrownBy(() -> selector.key(near)).isInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(() -> selector.register(near, Selector.READ))
                .isInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(() -> selector.modify(near, Selector.READ))
                .isInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(() -> selector.unregister(near))
                .isInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(() -> selector.select(NOW)).isInstanceOf(ClosedSelectorException.class);
        selector.wakeup();
    }

    @Test
    void itsOwnDescriptorIsClosedAtExec() {
        selector.fd()
                .ifPresent(fd ->
                        assertThat(Descriptors.fcntl(fd, Descriptors.F_GETFD, 0))
                                .isEqualTo(Descriptors.FD_CLOEXEC));
        assertThat(selector.fd().isPresent()).isEqualTo(bench.hasDescriptor());
        assertThat(selector.name()).isEqualTo(bench.name().toLowerCase());
    }
}
