package dev.pollux.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class LauncherTest {
    @TempDir private Path folder;
    private Checkout checkout;

    @BeforeEach
    void aMachine() throws IOException {
        checkout = new Checkout(folder.toRealPath());
    }

    private Path aJdk() {
        return checkout.jdk("usr/lib/jvm/jdk-25", "25.0.1");
    }

    // --- the JDK ---

    @ParameterizedTest
    @ValueSource(
            strings = {
                "usr/lib/jvm/jdk-25",
                "opt/jdk-25",
                "home/.sdkman/candidates/java/25-tem",
                "home/.jdks/openjdk-25",
                "Library/Java/JavaVirtualMachines/temurin-25.jdk/Contents/Home",
                "opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home"
            })
    void aJdkInAUsualFolderIsFound(String path) {
        var home = checkout.jdk(path, "25");
        checkout.jdk("usr/lib/jvm/jdk-17", "17.0.15");
        assertThat(checkout.start("java").out()).containsExactly(home.toString());
    }

    @ParameterizedTest
    @CsvSource({"24.0.2,26.0.1,26.0.1", "26,25.0.3,25.0.3", "27-ea,26,26", "1.8.0_452,25-ea,25-ea"})
    void ofTheInstalledOnesThePreferredOrTheOldestThatWillDoIsTaken(
            String one, String other, String taken) {
        checkout.jdk("usr/lib/jvm/" + one, one);
        checkout.jdk("usr/lib/jvm/" + other, other);
        assertThat(checkout.start("java").out())
                .containsExactly(checkout.onMachine("usr/lib/jvm/" + taken).toString());
    }

    @Test
    void javaHomeGoesBeforeThePathAndThePathBeforeTheFolders() {
        var installed = aJdk();
        assertThat(checkout.start("java").out()).containsExactly(installed.toString());
        var onPath = checkout.jdk("somewhere/jdk-26", "26");
        Checkout.link(checkout.onMachine("etc/java"), onPath.resolve("bin/java"));
        Checkout.link(checkout.onMachine("bin/java"), Path.of("../etc/java"));
        assertThat(checkout.start("java").out()).containsExactly(onPath.toString());
        var named = checkout.jdk("named jdk", "25");
        checkout.with("JAVA_HOME", named);
        assertThat(checkout.start("java").out()).containsExactly(named.toString());
    }

    @Test
    void aJavaHomeThatIsTooOldIsPassedOver() {
        var installed = aJdk();
        checkout.with("JAVA_HOME", checkout.jdk("old", "17.0.15"));
        assertThat(checkout.start("java").out()).containsExactly(installed.toString());
    }

    @Test
    void polluxJavaHomeIsTakenOrRefusedButNeverPassedOver() {
        aJdk();
        checkout.with("POLLUX_JAVA_HOME", checkout.jdk("mine", "25.0.1"));
        assertThat(checkout.start("java").out())
                .containsExactly(checkout.onMachine("mine").toString());
        checkout.with("POLLUX_JAVA_HOME", checkout.jdk("old", "21"));
        var run = checkout.start("java");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("old is no JDK 25 or later");
    }

    @Test
    void withoutAReleaseFileTheJdkItselfIsAsked() throws IOException {
        var home = aJdk();
        Files.delete(home.resolve("release"));
        checkout.script(
                home.resolve("bin/java"),
                "#!/bin/sh\necho 'openjdk version \"25.0.1\" 2025' >&2\n");
        assertThat(checkout.start("java").out()).containsExactly(home.toString());
    }

    @Test
    void withoutAJdkItSaysWhatToInstall() {
        checkout.jdk("usr/lib/jvm/jdk-17", "17.0.15");
        var run = checkout.start("serve");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains(
                        "apt install openjdk-25-jdk", "dnf install", "brew install", "sdk install");
        assertThat(checkout.calls("maven")).isZero();
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
        assertThat(checkout.start("web").out())
                .contains("locale " + (expected == null ? "" : expected));
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

    @Test
    void anotherJdkRehearsesAgainButBuildsNothing() {
        aJdk();
        checkout.start().exitCode();
        checkout.with("POLLUX_JAVA_HOME", checkout.jdk("other", "25.0.2")).start().exitCode();
        checkout.start().exitCode();
        assertThat(checkout.calls("rehearsal")).isEqualTo(2);
        assertThat(checkout.calls("maven")).isEqualTo(1);
    }

    // --- building ---

    @Test
    void itBuildsOnFirstUseOnly() {
        aJdk();
        assertThat(checkout.start().err()).contains("building");
        assertThat(checkout.start().err()).isEmpty();
        assertThat(checkout.calls("maven")).isEqualTo(1);
        assertThat(checkout.calls("rehearsal")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"pom.xml", "chat/pom.xml", "libc/src/main/A.java", "app/src/main/New.java"})
    void itBuildsAgainWhenASourceChangedOrIsNew(String source) {
        aJdk();
        checkout.start().exitCode();
        checkout.touch(source);
        checkout.start().exitCode();
        checkout.start().exitCode();
        assertThat(checkout.calls("maven")).isEqualTo(2);
    }

    @Test
    void itBuildsAgainWhenASourceIsGone() throws IOException {
        aJdk();
        checkout.start().exitCode();
        Files.delete(checkout.path("http/src/main/A.java"));
        checkout.start().exitCode();
        assertThat(checkout.calls("maven")).isEqualTo(2);
    }

    @Test
    void testsAndDocumentsAreNoReasonToBuild() {
        aJdk();
        checkout.start().exitCode();
        checkout.touch("libc/src/test/ATest.java");
        checkout.touch("README.md");
        checkout.start().exitCode();
        assertThat(checkout.calls("maven")).isEqualTo(1);
    }

    @Test
    void aFailedBuildIsShownAndTriedAgain() {
        aJdk();
        var run = checkout.with("MAVEN_FAILS", "yes").start("serve");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .containsOnlyOnce("[ERROR] A.java:1 is wrong")
                .contains("build.log")
                .doesNotContain("how to read");
        assertThat(checkout.with("MAVEN_FAILS", "").start("serve").out()).contains("word serve");
    }

    @Test
    void withoutMavenItSaysWhatToInstall() throws IOException {
        aJdk();
        Files.delete(checkout.onMachine("bin/mvn"));
        var run = checkout.start("serve");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("apt install maven", "brew install maven");
    }

    @ParameterizedTest
    @CsvSource({"build, cannot build", "test, cannot test", "version, nothing is built yet"})
    void whereNothingCanBeWrittenItSaysSoInOneLine(String command, String said) throws IOException {
        aJdk();
        Files.writeString(checkout.path(".pollux"), "in the way of the folder, also root's");
        var run = checkout.start(command);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("pollux: " + said)
                .endsWith(" cannot be written")
                .hasLineCount(1);
        assertThat(checkout.calls("maven")).isZero();
    }

    @Test
    void twoStartsAtOnceBuildOnce() throws Exception {
        aJdk();
        var gate = checkout.onMachine("gate");
        assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor()).isZero();
        checkout.with("MAVEN_WAITS", gate);
        var first = checkout.start("first");
        while (checkout.calls("maven") == 0) {
            Thread.onSpinWait();
        }
        var second = checkout.start("second");
        while (!Files.readString(second.errFile()).contains("waiting for the build")) {
            Thread.onSpinWait();
        }
        Files.writeString(gate, "go on\n");
        assertThat(first.out()).endsWith("word first");
        assertThat(second.out()).endsWith("word second");
        assertThat(checkout.calls("maven")).isEqualTo(1);
        assertThat(checkout.path(".pollux/lock")).doesNotExist();
    }

    @Test
    void theLockOfAStartThatDiedIsTakenOver() {
        aJdk();
        Checkout.link(checkout.path(".pollux/lock"), Path.of("999999999"));
        assertThat(checkout.start("serve").out()).contains("word serve");
    }

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
