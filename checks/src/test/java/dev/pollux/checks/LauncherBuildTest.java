package dev.pollux.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// When the launcher builds, and that only one start does.
@Timeout(60)
final class LauncherBuildTest {
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

    @Test
    void anotherJdkRehearsesAgainButBuildsNothing() {
        aJdk();
        checkout.start().exitCode();
        checkout.with("POLLUX_JAVA_HOME", checkout.jdk("other", "25.0.2")).start().exitCode();
        checkout.start().exitCode();
        assertThat(checkout.calls("rehearsal")).isEqualTo(2);
        assertThat(checkout.calls("maven")).isEqualTo(1);
    }

    /// A cache names the folder of its jars.
    @Test
    void aCopyRehearsesAgainButBuildsNothing() throws Exception {
        aJdk();
        checkout.start().exitCode();
        var copy = checkout.onMachine("copy");
        var cp = new ProcessBuilder("cp", "-R", checkout.path("").toString(), copy.toString());
        assertThat(cp.start().waitFor()).isZero();
        for (int start = 0; start < 2; start++) {
            assertThat(checkout.startAs(copy.resolve("pollux"), "serve").out())
                    .contains("word -XX:AOTCache=" + copy.resolve(".pollux/pollux.aot"));
        }
        assertThat(checkout.calls("rehearsal")).isEqualTo(2);
        assertThat(checkout.calls("maven")).isEqualTo(1);
    }

    /// The launcher lies at the root of a container, and somebody calls it from elsewhere.
    @Test
    void atTheRootTheFolderIsNotTakenForTheOneItIsCalledFrom() throws IOException {
        aJdk();
        var text = Files.readString(checkout.path("pollux"));
        var elsewhere = Files.createDirectories(checkout.onMachine("a:b"));
        var called = "cd " + elsewhere + " && exec /bin/sh -c \"$1\" /pollux java";
        var run = checkout.in("/bin/sh", "-c", called, "sh", text).start();
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    /// Java and Maven divide lists of files there.
    @Test
    void aFolderWithAColonIsRefused() throws Exception {
        aJdk();
        var odd = checkout.onMachine("a:b");
        Files.move(checkout.path(""), odd);
        var run = checkout.startAs(odd.resolve("pollux"), "serve");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("pollux: " + odd + " has a colon").hasLineCount(1);
        assertThat(checkout.calls("maven")).isZero();
    }

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

    /// What comes out of an archive may be older than what it replaces.
    @Test
    void itBuildsAgainWhenASourceBecameAnOlderOne() throws IOException {
        aJdk();
        checkout.start().exitCode();
        var source = checkout.path("libc/src/main/A.java");
        Checkout.write(source, "of last year");
        Files.setLastModifiedTime(source, FileTime.from(Instant.EPOCH));
        checkout.start().exitCode();
        assertThat(checkout.calls("maven")).isEqualTo(2);
    }

    /// A copy of a built tree, say, or a branch that was left and taken up again.
    @Test
    void aNewerDateAloneIsNoReasonToBuild() throws IOException {
        aJdk();
        checkout.start().exitCode();
        Files.setLastModifiedTime(
                checkout.path("libc/src/main/A.java"),
                FileTime.from(Instant.now().plusSeconds(60)));
        checkout.start().exitCode();
        assertThat(checkout.calls("maven")).isEqualTo(1);
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

    /// Also root can make no folder there.
    @ParameterizedTest
    @CsvSource({"build, cannot build", "test, cannot test", "version, nothing is built yet, and"})
    void aFileInTheWayOfTheFolderIsNamed(String command, String said) {
        aJdk();
        Checkout.write(checkout.path(".pollux"), "");
        var run = checkout.start(command);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("pollux: " + said)
                .endsWith(".pollux is no folder: remove it")
                .hasLineCount(1);
        assertThat(checkout.calls("maven")).isZero();
    }

    @Test
    void whereNothingCanBeWrittenItSaysSoInOneLine() {
        aJdk();
        checkout.script(
                checkout.onMachine("bin/mkdir"),
                "#!/bin/sh\necho \"$1: Read-only file system\" >&2\nexit 1\n");
        var run = checkout.start("version");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("pollux: nothing is built yet, and ")
                .endsWith(".pollux: Read-only file system")
                .hasLineCount(1);
    }

    enum Damage {
        NO_JAR,
        EMPTY_JAR,
        NO_JARS
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedBuildIsDoneAgain(Damage damage) throws IOException {
        aJdk();
        checkout.start().exitCode();
        var jar = checkout.path(".pollux/lib/app.jar");
        switch (damage) {
            case NO_JAR -> Files.delete(jar);
            case EMPTY_JAR -> Files.writeString(jar, "");
            case NO_JARS -> Files.move(jar.getParent(), checkout.path(".pollux/elsewhere"));
        }
        assertThat(checkout.start("serve").out()).contains("word serve");
        assertThat(checkout.calls("maven")).isEqualTo(2);
        assertThat(jar).content().isEqualTo("jar\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sort", "cksum"})
    void whereTheSourcesCannotBeListedItSaysSo(String tool) {
        aJdk();
        checkout.script(
                checkout.onMachine("bin/" + tool),
                "#!/bin/sh\necho 'No space left on device' >&2\nexit 2\n");
        var run = checkout.start("serve");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("No space left", "pollux: cannot begin a build in ");
        assertThat(checkout.calls("maven")).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "write error: No space left on device      | a disk is full: df -h",
                "x: Could not transfer artifact y: timeout | a first build needs the network",
                "Cannot access central in offline mode     | a first build needs the network"
            })
    void aBuildThatFailsForWantOfSomethingSaysWhatToDo(String why, String said) {
        aJdk();
        checkout.script(
                checkout.onMachine("bin/mvn"),
                "#!/bin/sh\necho '[ERROR] " + why + "'\necho '[ERROR] so it ends'\nexit 1\n");
        var run = checkout.start("serve");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .containsSubsequence(
                        "[ERROR] " + why, "pollux: the build failed", "pollux: " + said);
    }

    @Test
    void twoStartsAtOnceBuildOnce() throws Exception {
        aJdk();
        var gate = aFifo("gate");
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

    /// It writes what the next one would write.
    @Test
    void theMavenOfAStartThatWasKilledIsWaitedFor() throws Exception {
        aJdk();
        var gate = aFifo("gate");
        var killed = checkout.with("MAVEN_WAITS", gate).start("killed");
        while (checkout.calls("maven") == 0) {
            Thread.onSpinWait();
        }
        killed.process().destroyForcibly().waitFor();
        var next = checkout.with("MAVEN_WAITS", "").start("next");
        while (!Files.readString(next.errFile()).contains("which a build has left behind")) {
            Thread.onSpinWait();
        }
        assertThat(checkout.calls("maven")).isEqualTo(1);
        Files.writeString(gate, "go on\n");
        assertThat(next.out()).endsWith("word next");
        assertThat(checkout.calls("maven")).isEqualTo(2);
        assertThat(checkout.path(".pollux/maven")).doesNotExist();
    }

    @Test
    void theLockOfAStartThatDiedIsTakenOver() {
        aJdk();
        Checkout.link(checkout.path(".pollux/lock"), Path.of("999999999"));
        assertThat(checkout.start("serve").out()).contains("word serve");
    }

    /// Numbers are given again: after a power cut, or in another container.
    @ParameterizedTest
    @ValueSource(strings = {"%d", "%d.1.of-another-boot"})
    void theLockOfAProcessWhoseNumberIsAnotherOnesIsTakenOver(String owner) {
        aJdk();
        long living = ProcessHandle.current().pid();
        Checkout.link(checkout.path(".pollux/lock"), Path.of(owner.formatted(living)));
        var run = checkout.start("serve");
        assertThat(run.out()).contains("word serve");
        assertThat(run.err()).doesNotContain("waiting");
    }

    /// Killed in taking over a lock, it leaves two.
    @Test
    void theLockOfAStartThatDiedInTakingOneOverIsTakenOver() {
        aJdk();
        Checkout.link(checkout.path(".pollux/lock"), Path.of("999999999"));
        Checkout.link(checkout.path(".pollux/lock.999999999"), Path.of("999999998"));
        assertThat(checkout.start("serve").out()).contains("word serve");
        assertThat(checkout.path(".pollux"))
                .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith("lock"));
    }

    /// Two starts see that the owner is dead. The slower one, held in its `readlink`, must not
    /// remove the lock that the faster one has made since.
    @Test
    void aLockThatWasTakenOverMeanwhileIsLeftAlone() throws Exception {
        aJdk();
        Checkout.link(checkout.path(".pollux/lock"), Path.of("999999999"));
        checkout.script(
                checkout.onMachine("bin/readlink"),
                """
                #!/bin/sh
                owner=$(/usr/bin/env PATH=/usr/bin:/bin readlink "$@") || exit
                echo "$owner"
                [ ! -p "$SLOW" ] || [ "$owner" != 999999999 ] || { echo slow >>"$CALLS"; cat "$SLOW"; }
                """);
        var slow = checkout.with("SLOW", aFifo("slow")).start("slow");
        while (checkout.calls("slow") == 0) {
            Thread.onSpinWait();
        }
        var gate = aFifo("gate");
        var fast = checkout.with("SLOW", "").with("MAVEN_WAITS", gate).start("fast");
        while (checkout.calls("maven") == 0) {
            Thread.onSpinWait();
        }
        Files.writeString(checkout.onMachine("slow"), "");
        while (!Files.readString(slow.errFile()).contains("waiting for the build")) {
            Thread.onSpinWait();
        }
        Files.writeString(gate, "go on\n");
        assertThat(fast.out()).endsWith("word fast");
        assertThat(slow.out()).endsWith("word slow");
        assertThat(checkout.calls("maven")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2>&-", "2>/dev/full"})
    void itBuildsAlsoWhereNobodyHearsIt(String where) {
        aJdk();
        var run = checkout.in("/bin/sh", "-c", "exec \"$0\" serve " + where).start();
        assertThat(run.out()).contains("word serve");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aLockThatCannotBeMadeEndsTheStart() {
        aJdk();
        Checkout.write(checkout.path(".pollux/lock"), "");
        var run = checkout.start("serve");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("pollux: cannot lock the build: ", "lock").hasLineCount(1);
        assertThat(checkout.calls("maven")).isZero();
    }

    /// In which `ln` would make as many locks as there are starts.
    @Test
    void aFolderIsNoLock() throws IOException {
        aJdk();
        Files.createDirectories(checkout.path(".pollux/lock"));
        var run = checkout.start("serve");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("pollux: cannot lock the build: ").hasLineCount(1);
        assertThat(checkout.calls("maven")).isZero();
    }

    private Path aFifo(String name) throws Exception {
        var fifo = checkout.onMachine(name);
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
        return fifo;
    }
}
