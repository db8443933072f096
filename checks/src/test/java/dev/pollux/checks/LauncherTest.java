package dev.pollux.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the launcher does with what was built.
@Timeout(60)
final class LauncherTest {
    @TempDir private Path folder;
    private Checkout checkout;

    @BeforeEach
    void aMachine() throws IOException {
        checkout = new Checkout(folder.toRealPath());
    }

    @AfterEach
    void nothingGoesOn() {
        checkout.end();
    }

    private Path aJdk() {
        return checkout.jdk("usr/lib/jvm/jdk-25", "25.0.1");
    }

    // --- starting ---

    @Test
    void itBecomesJava() {
        var home = aJdk();
        var run = checkout.with("POLLUX_JAVA_OPTS", "-Da=* -Xmx1g").start("say", "two words", "*");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("java " + home + "/bin/java", "pid " + run.process().pid())
                .containsSubsequence(
                        "word -XX:+UseSerialGC",
                        "word -XX:AOTCache=" + checkout.path(".pollux/pollux.aot"),
                        "word -Da=*",
                        "word -Xmx1g",
                        "word -p",
                        "word " + checkout.path(".pollux/lib"),
                        "word say",
                        "word two words")
                .endsWith("word *");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-Da=\"b c\" -Dd | -Da=b c",
                "'-Da=b  c' -Dd | -Da=b  c",
                "-Da=b\\ c  -Dd | -Da=b c",
                "\"-Da='b c'\" -Dd | -Da='b c'"
            })
    void quotesKeepTheBlanksOfAnOption(String options, String first) {
        aJdk();
        assertThat(checkout.with("POLLUX_JAVA_OPTS", options).start("serve").out())
                .containsSequence("word " + first, "word -Dd");
    }

    @Test
    void aQuoteThatHasNoEndIsAnError() {
        aJdk();
        var run = checkout.with("POLLUX_JAVA_OPTS", "-Da='b c").start("serve");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).endsWith("a quote in POLLUX_JAVA_OPTS has no end: -Da='b c");
    }

    /// Java refuses two, and reads more options in the files that are named as `@FILE`.
    @ParameterizedTest
    @CsvSource({
        "POLLUX_JAVA_OPTS, -Da -XX:+UseZGC",
        "POLLUX_JAVA_OPTS, @options",
        "POLLUX_JAVA_OPTS, -XX:VMOptionsFile=options",
        "JAVA_TOOL_OPTIONS, -Da -XX:+UseG1GC",
        "JDK_JAVA_OPTIONS, -XX:+UseParallelGC -Da",
        "JDK_JAVA_OPTIONS, -Da @options",
        "_JAVA_OPTIONS, -XX:+UseG1GC"
    })
    void aCollectorThatTheUserNamesTakesThePlaceOfOurs(String variable, String options) {
        aJdk();
        Checkout.write(checkout.onMachine("options"), "-Db\n\"-XX:+UseG1GC\" -Dc\n");
        var ours = "word -XX:+UseSerialGC";
        assertThat(checkout.start("serve").out()).contains(ours);
        assertThat(checkout.with(variable, options).start("serve").out())
                .contains("word serve", "word -XX:+UseCompactObjectHeaders")
                .doesNotContain(ours);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-Xshare:auto", "-XX:SharedArchiveFile=a", "-XX:AOTCacheOutput=/a/b.aot"})
    void anArchiveOfClassesThatTheUserNamesTakesThePlaceOfOurCache(String option) {
        aJdk();
        assertThat(checkout.start("serve").out()).anyMatch(word -> word.contains("AOTCache="));
        assertThat(checkout.with("POLLUX_JAVA_OPTS", option).start("serve").out())
                .contains("word " + option, "word serve")
                .noneMatch(word -> word.contains("AOTCache="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx1g", "@options", "@nowhere"})
    void otherOptionsLeaveOurCollector(String options) {
        aJdk();
        Checkout.write(checkout.onMachine("options"), "-Xmx1g\n");
        assertThat(checkout.with("POLLUX_JAVA_OPTS", options).start("serve").out())
                .contains("word -XX:+UseSerialGC", "word " + options);
    }

    /// Without UTF-8 the JDK can name no Chinese file.
    @ParameterizedTest
    @CsvSource({
        ",,, C.UTF-8",
        "C,,, C.UTF-8",
        "POSIX, C.UTF-8, C.UTF-8, C.UTF-8",
        ", C,, C.UTF-8",
        ",, C, C.UTF-8",
        ",, xx_NO.UTF-8, C.UTF-8",
        ",, C.UTF-8,",
        ", C.UTF-8, C,",
        "C.UTF-8, C, C, C.UTF-8"
    })
    void whereTheLocaleIsNotUtf8JavaGetsOneThatIs(
            String all, String ctype, String lang, String expected) {
        aJdk();
        setOrNot("LC_ALL", all);
        setOrNot("LC_CTYPE", ctype);
        setOrNot("LANG", lang);
        var locale = "locale " + (expected == null ? "" : expected);
        assertThat(checkout.start("web").out()).contains(locale);
        assertThat(checkout.calls(locale)).as("Maven has it, too").isEqualTo(1);
    }

    private void setOrNot(String variable, String value) {
        if (value != null) {
            checkout.with(variable, value);
        }
    }

    @Test
    void itWorksThroughASymbolicLinkAndFromAnyFolder() {
        aJdk();
        var link = checkout.onMachine("elsewhere/px");
        Checkout.link(link, Path.of("../a check out/pollux"));
        assertThat(checkout.startAs(link).out()).contains("word " + checkout.path(".pollux/lib"));
    }

    @Test
    void itStartsWithoutACacheThatCouldNotBeMade() {
        var home = aJdk();
        checkout.script(
                home.resolve("bin/java"),
                """
                #!/bin/sh
                case $1 in */Rehearsal.java) echo 'cannot rehearse'; exit 1 ;; esac
                for word; do echo "word $word"; done
                """);
        var run = checkout.start("serve");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("word serve").noneMatch(word -> word.contains("AOT"));
        assertThat(run.err()).contains("rehearsal.log");
    }

    /// Also with other shells than this system's `sh`, as far as they are here.
    @ParameterizedTest
    @MethodSource("shells")
    void aStartNeedsNothingButAPosixShell(String shell) {
        aJdk();
        checkout.in(shell.split(" ")).with("POLLUX_JAVA_OPTS", "-Da='b c'");
        Checkout.link(checkout.path(".pollux/lock"), Path.of("999999999"));
        assertThat(checkout.start("serve").out())
                .containsSubsequence("word -XX:+UseSerialGC", "word -Da=b c", "word serve");
        assertThat(checkout.start("serve").err()).isEmpty();
        checkout.touch("libc/src/main/A.java");
        var run = checkout.with("MAVEN_FAILS", "yes").start("serve");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).containsOnlyOnce("[ERROR] A.java:1 is wrong");
        assertThat(checkout.path(".pollux/lock")).doesNotExist();
    }

    static Stream<String> shells() {
        return Stream.of("sh", "dash", "bash", "bash --posix", "busybox sh", "ksh", "mksh")
                .filter(shell -> Checkout.isInstalled(shell.replaceFirst(" .*", "")));
    }

    // --- examples ---

    private Checkout.Run example(String... words) {
        aJdk();
        Checkout.write(
                checkout.path("examples/Two.java"),
                "/// Shows two.\n///\n/// Model: both.\nvoid main() {}\n");
        var all = Stream.concat(Stream.of("example"), Stream.of(words));
        return checkout.start(all.toArray(String[]::new));
    }

    @Test
    void anExampleBecomesJavaWithTheModulesOnItsClassPath() {
        checkout.with("POLLUX_JAVA_OPTS", "-Da='b c'");
        var run = example("Two", "0", "two words", "--source");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("pid " + run.process().pid())
                .containsSubsequence(
                        "word -Da=b c",
                        "word -cp",
                        "word " + checkout.path(".pollux/lib") + "/*",
                        "word " + checkout.path("examples/Two.java"),
                        "word 0",
                        "word two words",
                        "word --source")
                .contains("word --enable-native-access=ALL-UNNAMED")
                .noneMatch(word -> word.contains("AOT"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--help"})
    void examplesAreListedWithALineEach(String word) {
        assertThat(example(word.isEmpty() ? new String[0] : new String[] {word}).out())
                .containsExactly(
                        "./pollux example NAME [--help | --source | ARG...]",
                        "  Two                Shows two.");
        assertThat(checkout.calls("maven")).isZero();
    }

    @Test
    void anExampleIsExplainedAndShown() {
        assertThat(example("Two", "--help").out())
                .containsExactly("Shows two.", "", "Model: both.");
        assertThat(example("Two", "--source").out()).startsWith("/// Shows two.").hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({
        "Three, there is no example Three; ./pollux example lists them",
        "../examples/Two, there is no example ../examples/Two; ./pollux example lists them",
        "--list, ./pollux example NAME [--help | --source | ARG...]"
    })
    void whatIsNoExampleIsWrongUsage(String name, String complaint) {
        var run = example(name);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("pollux: " + complaint);
    }

    // --- cleaning ---

    @Test
    void cleanRemovesWhatWasBuilt() {
        aJdk();
        checkout.start().exitCode();
        Checkout.write(checkout.path("libc/target/classes/A.class"), "");
        assertThat(checkout.start("clean").exitCode()).isZero();
        assertThat(checkout.path(".pollux")).doesNotExist();
        assertThat(checkout.path("libc/target")).doesNotExist();
        assertThat(checkout.path("libc/src/main/A.java")).exists();
    }

    @Test
    void cleanThatMayNotSaysSoInOneLine() {
        checkout.script(
                checkout.onMachine("bin/rm"),
                "#!/bin/sh\nfor i in 1 2; do echo \"rm: $i: Read-only\"; done >&2\nexit 1\n");
        var run = checkout.start("clean");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("pollux: cannot clean: rm: 1: Read-only");
    }

    // --- testing ---

    private void mavenReports(int exitCode, String... attributes) {
        var script = new StringBuilder("#!/bin/sh\n");
        for (int i = 0; i < attributes.length; i++) {
            script.append(
                    """
                    mkdir -p %1$s/target/surefire-reports
                    echo '<testsuite name="T" time="0.5" %2$s>' >%1$s/target/surefire-reports/TEST-%3$d.xml
                    """
                            .formatted(List.of("libc", "libc", "chat").get(i), attributes[i], i));
        }
        checkout.script(checkout.onMachine("bin/mvn"), script + "exit " + exitCode + "\n");
    }

    @Test
    void testEndsWithThePlainSum() {
        aJdk();
        Checkout.write(
                checkout.path("app/target/surefire-reports/TEST-old.xml"),
                "<testsuite tests=\"7\" errors=\"0\" skipped=\"0\" failures=\"7\">");
        mavenReports(
                0,
                "tests=\"3\" errors=\"0\" skipped=\"1\" failures=\"0\"",
                "tests=\"40\" errors=\"0\" skipped=\"0\" failures=\"0\"",
                "tests=\"2\" errors=\"0\" skipped=\"0\" failures=\"0\"");
        var run = checkout.start("test");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .endsWith(
                        "libc         42 passed, 0 failed, 1 skipped",
                        "chat         2 passed, 0 failed",
                        "44 passed, 0 failed, 1 skipped");
    }

    @Test
    void failedTestsFail() {
        aJdk();
        mavenReports(1, "tests=\"5\" errors=\"1\" skipped=\"0\" failures=\"2\"");
        var run = checkout.start("test", "-pl", "libc");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).endsWith("2 passed, 3 failed");
    }
}
