package dev.pollux.checks;

import java.util.List;

/// A rule about the project's files. Each has a test that plants a violation, so that it is known
/// to be able to fail.
@FunctionalInterface
interface Rule {
    /// {@return every place of `project` that breaks this rule}
    List<Violation> violations(Project project);
}
