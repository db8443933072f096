package dev.pollux.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Holds every rule against the project itself.
final class ProjectTest {
    private static final Project PROJECT = Project.here();

    enum Law {
        FILE_SIZE(TextRules::fileSize),
        MACHINE_PATHS(TextRules::machinePaths),
        REGISTRY_HOSTS(TextRules::registryHosts),
        LEFT_FOR_LATER(TextRules::leftForLater),
        METHOD_SIZE(JavaRules::methodSize),
        NESTING(JavaRules::nesting),
        TYPE_NAMES(JavaRules::typeNames),
        STANDARD_STREAMS(JavaRules::standardStreams),
        SLEEPING_TESTS(JavaRules::sleepingTests),
        SWITCHED_OFF_TESTS(JavaRules::switchedOffTests),
        PACKAGE_INFO(LayoutRules::packageInfo),
        NULL_MARKED_MODULES(LayoutRules::nullMarkedModules),
        LAUNCHED_MODULES(LayoutRules::launchedModules),
        LIBRARIES_OF_TESTS(LayoutRules::librariesOfTests),
        IMPORTS_OF_BENCHMARKS(LayoutRules::importsOfBenchmarks),
        ONE_TITLE(DocumentRules::oneTitle),
        LINKS(DocumentRules::links),
        MENTIONED_DOCUMENTS(DocumentRules::mentions),
        NAMED_TYPES(DocumentRules::types),
        READMES_IN_STEP(DocumentRules::readmesInStep);

        private final Rule rule;

        Law(Rule rule) {
            this.rule = rule;
        }
    }

    @ParameterizedTest
    @EnumSource
    void holds(Law law) {
        var found = law.rule.violations(PROJECT);
        assertThat(found)
                .withFailMessage(() ->
                        found.stream()
                                .map(Violation::toString)
                                .collect(Collectors.joining("\n", "\n", "\n")))
                .isEmpty();
    }
}
