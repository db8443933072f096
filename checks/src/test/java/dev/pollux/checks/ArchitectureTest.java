package dev.pollux.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.pollux.selectors.Mechanism;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ArchitectureTest {
    private static final JavaClasses OURS =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.pollux");

    static Stream<ArchRule> rules() {
        return Stream.of(
                        Architecture.ladder(),
                        Stream.of(Architecture.noCycles()),
                        Architecture.nativeAccessInLibcOnly())
                .flatMap(rules -> rules);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holds(ArchRule rule) {
        rule.check(OURS);
    }

    @Test
    void everyModuleIsLookedAt() {
        assertThat(Architecture.LADDER)
                .isEqualTo(
                        Project.here().modules().stream()
                                .filter(module -> !module.equals("checks"))
                                .toList());
        assertThat(OURS.stream().map(type -> type.getPackageName()))
                .contains("dev.pollux.libc", "dev.pollux.app");
    }

    @Test
    void everyMechanismIsWhereTheDocumentSays() {
        var project = Project.here();
        var said =
                Pattern.compile("mechanism X is `(\\w+)/X(\\w+)`")
                        .matcher(project.file("docs/architecture.md").orElseThrow().text());
        assertThat(said.find()).isTrue();
        assertThat(Mechanism.values())
                .extracting(mechanism -> mechanism.name().toLowerCase(Locale.ROOT))
                .map(name -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))
                .map(name ->
                        "%1$s/src/main/java/dev/pollux/%1$s/%2$s%3$s.java"
                                .formatted(said.group(1), name, said.group(2)))
                .allSatisfy(path -> assertThat(project.file(path)).isPresent());
    }

    @Test
    void aStepUpTheLadderIsFound(@TempDir Path folder) {
        assertThat(
                        broken(
                                Architecture.ladder(),
                                folder,
                                "package dev.pollux.engines; public class Loop {}",
                                "package dev.pollux.selectors; class S { dev.pollux.engines.Loop l; }"))
                .singleElement()
                .asString()
                .contains("dev.pollux.selectors.S.l")
                .contains("move what both need down");
    }

    @Test
    void httpAndChatThatKnowEachOtherAreFound(@TempDir Path folder) {
        assertThat(
                        broken(
                                Architecture.ladder(),
                                folder,
                                "package dev.pollux.http; public class H { dev.pollux.chat.C c; }",
                                "package dev.pollux.chat; public class C { dev.pollux.http.H h; }"))
                .hasSize(2);
    }

    @Test
    void aCycleOfPackagesIsFound(@TempDir Path folder) {
        assertThat(
                        broken(
                                Stream.of(Architecture.noCycles()),
                                folder,
                                "package dev.pollux.http.a; public class A { dev.pollux.http.b.B b; }",
                                "package dev.pollux.http.b; public class B { dev.pollux.http.a.A a; }"))
                .singleElement()
                .asString()
                .contains("Cycle detected");
    }

    @Test
    void nativeAccessOutsideLibcIsFound(@TempDir Path folder) {
        var body =
                """
                import java.lang.foreign.*;
                public class %s {
                    @SuppressWarnings("restricted")
                    void m(MemorySegment segment) {
                        Linker.nativeLinker();
                        segment.reinterpret(8);
                        System.loadLibrary("c");
                    }
                }
                """;
        assertThat(
                        broken(
                                Architecture.nativeAccessInLibcOnly(),
                                folder,
                                "package dev.pollux.libc; " + body.formatted("Allowed"),
                                "package dev.pollux.engines; " + body.formatted("Uring")))
                .hasSize(3)
                .allSatisfy(rule ->
                        assertThat(rule).asString().contains("Uring").doesNotContain("Allowed"));
    }

    /// {@return what the rules say that the planted sources break}
    private static List<String> broken(Stream<ArchRule> rules, Path folder, String... sources) {
        compile(folder, sources);
        var planted = new ClassFileImporter().importPath(folder);
        return rules.map(rule -> rule.evaluate(planted))
                .filter(result -> result.hasViolation())
                .map(result -> result.getFailureReport().toString())
                .toList();
    }

    private static void compile(Path folder, String... sources) {
        var files =
                Stream.of(sources)
                        .map(source ->
                                new MemorySource(
                                        source.replaceFirst("(?s).*?class (\\w+).*", "$1.java"),
                                        source))
                        .toList();
        assertThat(MemorySource.compile(files, "-d", folder.toString())).isEmpty();
    }
}
