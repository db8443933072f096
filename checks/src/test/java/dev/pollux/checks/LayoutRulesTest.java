package dev.pollux.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LayoutRulesTest {
    @TempDir private Path root;
    private Planted planted;

    @BeforeEach
    void twoModules() {
        planted = new Planted(root);
        planted.modules("http", "app", "checks");
    }

    @Test
    void aPackageWithoutItsInfoIsFound() {
        planted.file("http/src/main/java/a/A.java", "package a; class A {}");
        planted.file("http/src/main/java/b/B.java", "package b; class B {}");
        planted.file("http/src/main/java/b/package-info.java", "package b;");
        planted.file("http/src/test/java/c/CTest.java", "package c; class CTest {}");
        assertThat(LayoutRules.packageInfo(planted.project()))
                .extracting(Violation::path)
                .containsExactly("http/src/main/java/a/package-info.java");
    }

    @Test
    void aModuleThatIsNotNullMarkedIsFound() {
        planted.file(
                "http/src/main/java/module-info.java",
                "@org.jspecify.annotations.NullMarked module http {}");
        planted.file("app/src/main/java/module-info.java", "/* @NullMarked */ module app {}");
        assertThat(LayoutRules.nullMarkedModules(planted.project()))
                .extracting(Violation::path)
                .containsExactly("app/src/main/java/module-info.java");
    }

    @Test
    void aModuleWithoutItsInfoIsFound() {
        planted.file(
                "http/src/main/java/module-info.java",
                "import org.jspecify.annotations.NullMarked; @NullMarked module http {}");
        assertThat(LayoutRules.nullMarkedModules(planted.project()))
                .extracting(Violation::path)
                .containsExactly("app/src/main/java/module-info.java");
    }

    @Test
    void aBenchmarkThatImportsWhatHasMovedIsFound() {
        planted.file("http/src/main/java/dev/pollux/http/a/A.java", "package dev.pollux.http.a;");
        planted.file(
                "benchmarks/src/main/java/B.java",
                "import dev.pollux.http.a.A;\nimport static dev.pollux.http.A.b;\n");
        assertThat(LayoutRules.importsOfBenchmarks(planted.project()))
                .singleElement()
                .hasToString("benchmarks/src/main/java/B.java:1: there is no dev.pollux.http.A");
    }

    @Test
    void aModuleThatTheLauncherForgotIsFound() {
        planted.file("pollux", "#!/bin/sh\nMODULES='http'\n");
        assertThat(LayoutRules.launchedModules(planted.project()))
                .singleElement()
                .hasToString("pollux:1: must name the modules it builds: MODULES='http app'");
        planted.file("pollux", "#!/bin/sh\nMODULES='http app'\n");
        assertThat(LayoutRules.launchedModules(planted.project())).isEmpty();
    }

    @Test
    void aLibraryOfTheTestsInTheBuildOfAServerIsFound() {
        planted.file(
                "http/pom.xml",
                """
                <dependencies>
                <scope>test</scope>
                </dependencies>
                <profiles>
                <scope>test</scope>
                </profiles>
                """);
        planted.file("checks/pom.xml", "<scope>test</scope>\n");
        assertThat(LayoutRules.librariesOfTests(planted.project()))
                .singleElement()
                .asString()
                .startsWith("http/pom.xml:2: ");
    }
}
