package dev.pollux.checks;

import java.util.List;
import java.util.regex.Pattern;

/// Rules that need no more than a file's lines.
final class TextRules {
    static final int FILE_LINES_MAX = 400;

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
                .filter(file -> file.lines().size() > FILE_LINES_MAX)
                .map(file ->
                        new Violation(
                                file.path(),
                                FILE_LINES_MAX + 1,
                                "%d lines, and %d are the most: find the second idea in it"
                                                .formatted(file.lines().size(), FILE_LINES_MAX)
                                        + " and give it a file"))
                .toList();
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
