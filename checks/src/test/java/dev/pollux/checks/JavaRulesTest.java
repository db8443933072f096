package dev.pollux.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JavaRulesTest {
    @TempDir private Path root;
    private Planted planted;

    @BeforeEach
    void twoModules() {
        planted = new Planted(root);
        planted.modules("http", "app");
    }

    @Test
    void aMethodOfMoreThan60LinesIsFound() {
        planted.file(
                "http/src/main/java/A.java",
                "class A {\n    void ok() {\n" + "\n".repeat(58) + "}\n}");
        planted.file(
                "http/src/main/java/B.java",
                "class B {\n    /// Doc\n    /// doc.\n    void long1() {\n"
                        + "\n".repeat(59)
                        + "}\n}");
        assertThat(JavaRules.methodSize(planted.project()))
                .singleElement()
                .hasToString(
                        "http/src/main/java/B.java:4: long1 has 61 lines, and 60 are the most: name"
                                + " its steps and call them");
    }

    @Test
    void bracesInStringsAndCommentsDoNotMislead() {
        var text =
                """
                class A {
                    void small() { var s = "{{{"; char c = '{'; /* { */ } // {
                %s
                    void alsoSmall() { var t = \"""
                        { " {
                        \"""; }
                }
                """
                        .formatted("\n".repeat(80));
        planted.file("http/src/main/java/A.java", text);
        assertThat(JavaRules.methodSize(planted.project())).isEmpty();
    }

    @Test
    void deepNestingIsFound() {
        planted.file(
                "http/src/main/java/A.java",
                """
                class A {
                    void m(int a) {
                        for (;;) {
                            if (a > 1) {
                                try {
                                    while (a < 9) a++;
                                } finally { a = 2; }
                            } else if (a > 2) {
                            } else if (a > 3) {
                            } else if (a > 4) {
                                Runnable fresh = () -> { if (true) { if (true) { } } };
                            }
                        }
                    }
                }
                """);
        assertThat(JavaRules.nesting(planted.project()))
                .extracting(Violation::line)
                .containsExactly(6);
    }

    @Test
    void aNameThatSaysNothingIsFound() {
        planted.file(
                "http/src/main/java/A.java",
                """
                abstract class AbstractServer {
                    static class DefaultRouter {}
                    interface RouterImpl {}
                    record ThreadManager() {}
                    enum FileHelper {}
                    @interface TestSupport {}
                    class Supported {}
                    class Defaults {}
                    class Abstraction {}
                    class Simplified {}
                }
                """);
        assertThat(JavaRules.typeNames(planted.project()))
                .extracting(Violation::line)
                .containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void printingIsFoundOutsideApp() {
        var text =
                """
                class A {
                    void m() {
                        System.out.println("System.err"); // System.err
                        java.lang.System.err.flush();
                        System.outcome();
                    }
                }
                """;
        planted.file("http/src/main/java/A.java", text);
        planted.file("http/src/test/java/ATest.java", text);
        planted.file("app/src/main/java/A.java", text);
        assertThat(JavaRules.standardStreams(planted.project()))
                .extracting(Violation::toString)
                .containsExactly(
                        "http/src/main/java/A.java:3: System.out outside app: return it, throw it,"
                                + " or tell an observer of it",
                        "http/src/main/java/A.java:4: java.lang.System.err outside app: return it,"
                                + " throw it, or tell an observer of it");
    }

    @Test
    void aSleepingTestIsFound() {
        var text =
                """
                class ATest {
                    void m() throws Exception {
                        Thread.sleep(1);
                        java.util.concurrent.TimeUnit.SECONDS.sleep(1);
                        MILLISECONDS.sleep(1);
                        var why = "Thread.sleep(1)";
                        animal.sleep();
                    }
                }
                """;
        planted.file("http/src/test/java/ATest.java", text);
        planted.file("http/src/main/java/A.java", text);
        assertThat(JavaRules.sleepingTests(planted.project()))
                .extracting(Violation::path, Violation::line)
                .containsExactly(
                        tuple("http/src/test/java/ATest.java", 3),
                        tuple("http/src/test/java/ATest.java", 4),
                        tuple("http/src/test/java/ATest.java", 5));
    }

    @Test
    void aTestThatIsSwitchedOffIsFound() {
        planted.file(
                "app/src/test/java/ATest.java",
                """
                class ATest {
                    @Disabled("later") void one() {}
                    @org.junit.jupiter.api.Disabled void two() {}
                    @DisabledOnOs(LINUX) void three() {}
                    @Test void disabled() {}
                }
                """);
        assertThat(JavaRules.switchedOffTests(planted.project()))
                .extracting(Violation::line)
                .containsExactly(2, 3, 4);
    }
}
