package dev.pollux.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TextRulesTest {
    @TempDir private Path root;

    @Test
    void aFileOfMoreLinesThanCanBeReadAtOnceIsFound() {
        var planted = new Planted(root);
        var uncounted = "package a;\n\nimport b.C;\n/// A\n  // b\n/* c\n * d */\n\n";
        planted.file("a/Long.java", uncounted + "line\n".repeat(341));
        planted.file("a/Just.java", uncounted.repeat(100) + "line\n".repeat(340));
        planted.file("docs/long.md", "line\n".repeat(500));
        assertThat(TextRules.fileSize(planted.project()))
                .singleElement()
                .hasToString(
                        "a/Long.java:349: 341 lines beside comments and imports, and 340 are the"
                                + " most: find the second idea in it and give it a file");
    }

    @Test
    void aPathOfOneMachineIsFound() {
        var planted = new Planted(root);
        planted.file("run", "cd $root\nls /wo" + "rk/main\n");
        planted.file("b", "cat </ro" + "ot/.bashrc");
        planted.file("c", "target/work/x and ${here}/work/y are fine");
        assertThat(TextRules.machinePaths(planted.project()))
                .extracting(Violation::path, Violation::line)
                .containsExactly(tuple("b", 1), tuple("run", 2));
    }

    @Test
    void aRegistrysHostIsFound() {
        var planted = new Planted(root);
        planted.file("pom.xml", "<url>https://repo." + "maven.apache" + ".org/</url>");
        planted.file("README.md", "https://maven.apache.org is Maven's home");
        assertThat(TextRules.registryHosts(planted.project()))
                .extracting(Violation::path)
                .containsExactly("pom.xml");
    }

    @Test
    void aNoteForLaterIsFound() {
        var planted = new Planted(root);
        planted.file("A.java", "class A {}\n// TO" + "DO: all of it\n");
        planted.file("B.java", "// mastodont, TO" + "DOS\n");
        assertThat(TextRules.leftForLater(planted.project()))
                .extracting(Violation::path, Violation::line)
                .containsExactly(tuple("A.java", 2));
    }

    @Test
    void ignoredFoldersAndFilesAreNotLookedAt() {
        var planted = new Planted(root);
        planted.file(".gitignore", "target/\n*.aot\n/benchmarks/out/\n");
        planted.file("libc/target/A.java", "// FIX" + "ME");
        planted.file("x.aot", "// FIX" + "ME");
        planted.file("benchmarks/out/x.c", "// FIX" + "ME");
        planted.file("libc/src/out/x.c", "// FIX" + "ME");
        assertThat(TextRules.leftForLater(planted.project()))
                .extracting(Violation::path)
                .containsExactly("libc/src/out/x.c");
    }
}
