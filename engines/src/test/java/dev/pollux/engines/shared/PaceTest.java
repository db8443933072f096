package dev.pollux.engines.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.Transport;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whoever waits until a group's members have caught up.
final class PaceTest {
    private final List<String> calls = new ArrayList<>();
    private final Pace pace = new Pace();

    /// {@return a transport that notes what is asked of it, and throws at some}
    private Transport speaker(String name, String throwsAt) {
        return (Transport)
                Proxy.newProxyInstance(
                        PaceTest.class.getClassLoader(),
                        new Class<?>[] {Transport.class},
                        (_, method, _) -> {
                            calls.add(name + " " + method.getName());
                            if (throwsAt.contains(method.getName())) {
                                throw new OutOfMemoryError("no memory");
                            }
                            return null;
                        });
    }

    @Test
    void whoCannotBeToldIsCutOffAndTheOthersGoOn() {
        pace.fell();
        pace.await(speaker("first", ""), () -> {});
        pace.await(speaker("second", "execute"), () -> {});
        pace.await(speaker("third", "execute abort"), () -> {});
        pace.await(speaker("fourth", ""), () -> {});
        pace.rose();
        assertThat(pace.isBehind()).isFalse();
        assertThat(calls)
                .containsExactly(
                        "first execute",
                        "second execute",
                        "second abort",
                        "third execute",
                        "third abort",
                        "fourth execute");
    }
}
