package dev.pollux.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which JDK the launcher takes.
@Timeout(60)
final class LauncherJdkTest {
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
                """
                #!/bin/sh
                echo 'Picked up JAVA_TOOL_OPTIONS: -Da="17"' >&2
                echo 'openjdk version "25.0.1" 2025' >&2
                """);
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

    /// A build goes to another folder, and Maven is told where the JDK is.
    @Test
    void aRelativePolluxJavaHomeIsTheSameFolderInABuild() {
        var home = checkout.jdk("my/jdk", "25");
        assertThat(checkout.with("POLLUX_JAVA_HOME", "my/jdk").start("java").out())
                .containsExactly(home.toString());
        assertThat(checkout.start("serve").out()).contains("java " + home + "/bin/java");
        assertThat(checkout.calls("JAVA_HOME=" + home)).isEqualTo(1);
        checkout.with("POLLUX_JAVA_HOME", "my/../my/jdk").start("serve").exitCode();
        assertThat(checkout.calls("rehearsal")).isEqualTo(1);
    }

    @Test
    void aRelativePolluxJavaHomeThatIsNotThereIsRefused() {
        aJdk();
        var run = checkout.with("POLLUX_JAVA_HOME", "nowhere").start("java");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("pollux: POLLUX_JAVA_HOME=nowhere is no JDK 25 or later");
    }
}
