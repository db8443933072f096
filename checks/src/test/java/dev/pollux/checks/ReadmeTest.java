package dev.pollux.checks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the README shows as Java is Java, against the modules as they are.
final class ReadmeTest {
    static Stream<Markdown.CodeBlock> javaOfTheReadme() {
        var readme = Project.here().file(DocumentRules.README).orElseThrow();
        return Markdown.parse(readme).codeBlocks().stream()
                .filter(block -> block.language().equals("java"));
    }

    @ParameterizedTest
    @MethodSource("javaOfTheReadme")
    void itsJavaCompiles(Markdown.CodeBlock block, @TempDir Path folder) {
        assertThat(objections(block.text(), folder)).isEmpty();
    }

    /// Lines that come together are reported once: who reads only the first leaves the others
    /// unseen.
    @Test
    void itsProgramTellsTheTimeAndAllThatWasTyped(@TempDir Path folder) throws Exception {
        var program = javaOfTheReadme().findFirst().orElseThrow().text();
        assertThat(objections(program, folder)).isEmpty();
        var process = new ProcessBuilder(javaOf(folder)).redirectErrorStream(true).start();
        try (var said = process.inputReader(UTF_8)) {
            try (var typed = process.outputWriter(UTF_8)) {
                typed.write("one\ntwo\nthree\n");
                typed.flush();
                assertThat(List.of(said.readLine(), said.readLine(), said.readLine()))
                        .containsExactly("you typed: one", "two", "three");
                assertThat(said.readLine()).isEqualTo("tick 1");
            }
            assertThat(said.lines().toList()).endsWith("good bye");
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> javaOf(Path classes) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classes + File.pathSeparator + System.getProperty("java.class.path"),
                "Main");
    }

    @Test
    void aCallThatIsNotThereIsFound(@TempDir Path folder) {
        var call = "void main() { dev.pollux.libc.Errno.noSuchCall(); }";
        assertThat(objections(call, folder)).singleElement().asString().contains("noSuchCall");
    }

    private static List<String> objections(String text, Path folder) {
        return MemorySource.compile(
                List.of(new MemorySource("Main.java", text)), "-d", folder.toString());
    }
}
