package dev.pollux.checks;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A text file of the project.
///
/// @param path relative to the project's root, with `/` between its parts
/// @param lines its lines, without their ends
record TextFile(String path, List<String> lines) {
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    boolean isJava() {
        return path.endsWith(".java");
    }

    boolean isMarkdown() {
        return path.endsWith(".md");
    }

    boolean isTest() {
        return path.contains("/src/test/") || path.startsWith("checks/");
    }

    String text() {
        return String.join("\n", lines) + "\n";
    }

    /// {@return a violation with `message` for each line in which `pattern` is found}
    Stream<Violation> matches(Pattern pattern, String message) {
        return IntStream.range(0, lines.size())
                .filter(i -> pattern.matcher(lines.get(i)).find())
                .mapToObj(i -> new Violation(path, i + 1, message));
    }
}
