package dev.pollux.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A platform whose C library nobody has described: what the JDK itself can do is what there is,
/// and nothing takes its place in silence.
@Timeout(180)
final class ForeignPlatformTest {
    private static final List<String> PLAN_9 = List.of("-Dos.name=Plan9");
    private static final String WHY = "no C library layouts for Plan9 on ";

    /// The names of the models that are listed with this in their last column.
    private static List<String> models(String here) throws Exception {
        try (var pollux = Pollux.startOn(PLAN_9, "models")) {
            var names = new ArrayList<String>();
            for (var line : pollux.rest()) {
                if (line.contains("  " + here)) {
                    names.add(line.substring(0, line.indexOf(' ')));
                }
            }
            assertThat(pollux.exitCode()).isZero();
            assertThat(pollux.errors()).isEmpty();
            return names;
        }
    }

    @Test
    void aModelThatIsNotAvailableIsAnErrorAndNothingTakesItsPlace() throws Exception {
        var missing = models("no: " + WHY);
        assertThat(missing)
                .contains("nonblocking", "select", "poll", "epoll", "epoll-et", "io_uring");
        for (var model : missing) {
            try (var pollux = Pollux.startOn(PLAN_9, "echo", "--port", "0", "--model", model)) {
                assertThat(pollux.exitCode()).as(model).isEqualTo(1);
                assertThat(pollux.errors())
                        .singleElement()
                        .asString()
                        .startsWith("pollux: model " + model + " is not available here: " + WHY);
                assertThat(pollux.rest()).isEmpty();
            }
        }
    }

    @Test
    void theModelsOfTheJdkServe() throws Exception {
        var present = models("yes");
        assertThat(present).contains("nio");
        for (var model : present) {
            try (var pollux = Pollux.startOn(PLAN_9, "chat", "--port", "0", "--model", model)) {
                try (var client = new Client(pollux.port("chat"))) {
                    client.send("你好\n");
                    assertThat(client.said()).endsWith(": 你好");
                }
                pollux.type("quit");
                assertThat(pollux.exitCode()).as(model).isZero();
                assertThat(pollux.errors()).isEmpty();
            }
        }
    }

    @Test
    void autoTellsWhyTheBetterOnesWereNotTaken() throws Exception {
        try (var pollux = Pollux.startOn(PLAN_9, "echo", "--port", "0")) {
            pollux.port("echo");
            assertThat(pollux.error())
                    .startsWith("pollux: model nio, not ")
                    .contains("epoll: " + WHY, "select: " + WHY);
        }
    }
}
