package dev.pollux.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ConsoleTest {
    private final StringWriter shown = new StringWriter();
    private final StringWriter warned = new StringWriter();

    /// A terminal that is held: it takes nothing until it is let go.
    private final class Held extends Writer {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch letGo = new CountDownLatch(1);

        @Override
        public void write(char[] text, int from, int length) {
            reached.countDown();
            try {
                letGo.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            shown.write(text, from, length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void linesComeOutInOrder() {
        try (var console = new Console(new PrintWriter(shown), new PrintWriter(warned))) {
            console.say("一");
            console.say("two");
            console.warn("three");
        }
        assertThat(shown.toString().lines()).containsExactly("一", "two");
        assertThat(warned.toString().lines()).containsExactly("pollux: three");
    }

    @Test
    void nobodyWaitsForATerminalThatIsHeldAndWhatIsLostIsCounted() throws Exception {
        var held = new Held();
        try (var console = new Console(new PrintWriter(held), new PrintWriter(warned))) {
            console.say("first");
            held.reached.await();
            for (int i = 0; i < Console.LINES_MAX + 5; i++) {
                console.say("line " + i);
            }
            held.letGo.countDown();
        }
        assertThat(shown.toString().lines())
                .hasSize(1 + Console.LINES_MAX)
                .startsWith("first", "line 0")
                .endsWith("line " + (Console.LINES_MAX - 1));
        assertThat(warned.toString().lines()).containsExactly("pollux: 5 lines were not shown");
    }

    @Test
    void longLinesThatWaitTakeNoMoreMemoryThanIsSetAsideForThem() throws Exception {
        var held = new Held();
        var tenth = "x".repeat(Console.CHARS_MAX / 10);
        try (var console = new Console(new PrintWriter(held), new PrintWriter(warned))) {
            console.say("first");
            held.reached.await();
            for (int i = 0; i < 13; i++) {
                console.say(tenth);
            }
            held.letGo.countDown();
        }
        assertThat(shown.toString().lines()).hasSize(1 + 10);
        assertThat(warned.toString().lines()).containsExactly("pollux: 3 lines were not shown");
    }

    @Test
    void aMomentWithoutMemoryCostsALineAndNotAllThatFollow() throws Exception {
        var poor =
                new Writer() {
                    private boolean rich;

                    @Override
                    public void write(char[] text, int from, int length) {
                        if (!rich) {
                            rich = true;
                            throw new OutOfMemoryError("planted");
                        }
                        shown.write(text, from, length);
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                };
        try (var console = new Console(new PrintWriter(poor), new PrintWriter(warned))) {
            console.say("lost");
            console.say("second");
        }
        assertThat(shown.toString().lines()).containsExactly("second");
        assertThat(warned.toString().lines()).containsExactly("pollux: 1 line was not shown");
    }

    @Test
    void closingGivesUpOnATerminalThatStaysHeld() throws Exception {
        var held = new Held();
        var console = new Console(new PrintWriter(held), new PrintWriter(warned));
        console.say("never shown");
        held.reached.await();
        console.close();
        assertThat(held.letGo.getCount()).isEqualTo(1);
    }
}
