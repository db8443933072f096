package dev.pollux.checks;

import static org.assertj.core.api.Assertions.assertThat;

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
