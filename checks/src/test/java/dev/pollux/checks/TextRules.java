package dev.pollux.checks;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Rules that need no more than a file's lines.
final class TextRules {
    /// Counted without blank lines, comments and imports: nobody should save a comment for it.
    static final int FILE_LINES_MAX = 340;

    private static final Pattern UNCOUNTED =
            Pattern.compile("\\s*(?://.*|/?\\*.*|#.*)?|(?:import|package) .*");

    /// Written so that no pattern matches itself.
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.~}])(?:[/]work/|[/]root/|[/]farm/|[/]tmp/bash)");

    private static final Pattern REGISTRY_HOST =
            Pattern.compile(
                    "repo1?[.]maven[.]|deb[.]debian[.]org|registry[.]npmjs|proxy[.]golang[.]org"
                            + "|pypi[.]org");

    private static final Pattern LEFT_FOR_LATER = Pattern.compile("\\b(?:TOD[O]|FIXM[E]|XX[X])\\b");

    private TextRules() {}

    static List<Violation> fileSize(Project project) {
        return project.files()
                .filter(file -> !file.isMarkdown() && !file.name().equals("LICENSE"))
                .flatMap(TextRules::tooLong)
                .toList();
    }

    private static Stream<Violation> tooLong(TextFile file) {
        List<String> lines = file.lines();
        int[] counted =
                IntStream.range(0, lines.size())
                        .filter(at -> !UNCOUNTED.matcher(lines.get(at)).matches())
                        .toArray();
        if (counted.length <= FILE_LINES_MAX) {
            return Stream.empty();
        }
        return Stream.of(
                new Violation(
                        file.path(),
                        counted[FILE_LINES_MAX] + 1,
                        "%d lines beside comments and imports, and %d are the most: find the"
                                        .formatted(counted.length, FILE_LINES_MAX)
                                + " second idea in it and give it a file"));
    }

    static List<Violation> machinePaths(Project project) {
        return project.files()
                .flatMap(file ->
                        file.matches(
                                MACHINE_PATH,
                                "a path of one machine: start from the project's root, or"
                                        + " ask for the path"))
                .toList();
    }

    static List<Violation> registryHosts(Project project) {
        return project.files()
                .flatMap(file ->
                        file.matches(
                                REGISTRY_HOST,
                                "a registry's host: name the package and let its client"
                                        + " know where it is"))
                .toList();
    }

    static List<Violation> leftForLater(Project project) {
        return project.files()
                .filter(file -> !file.isMarkdown())
                .flatMap(file ->
                        file.matches(
                                LEFT_FOR_LATER,
                                "something left for later: do it, or open an issue and"
                                        + " delete the note"))
                .toList();
    }
}
