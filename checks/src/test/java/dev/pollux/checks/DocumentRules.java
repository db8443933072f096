package dev.pollux.checks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Rules about the Markdown files, and about what other files say of them.
final class DocumentRules {
    static final String README = "README.md";
    static final String README_CHINESE = "README.zh-CN.md";

    private static final Pattern MENTION =
            Pattern.compile("(?<![\\w/.])docs/[\\w./-]+\\.md(?:#[\\w-]+)?");

    private static final Pattern TYPE = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)`");

    private static final List<String> PACKAGES =
            List.of("java.lang", "java.io", "java.util.concurrent", "java.nio.channels");

    private DocumentRules() {}

    static List<Violation> oneTitle(Project project) {
        return documents(project)
                .filter(document ->
                        document.headings().isEmpty()
                                || document.headings().getFirst().line() != 1
                                || titles(document) != 1)
                .map(document ->
                        new Violation(
                                document.file().path(),
                                1,
                                "begins with its one title (# ...), and has %d of them"
                                        .formatted(titles(document))))
                .toList();
    }

    static List<Violation> links(Project project) {
        return documents(project)
                .flatMap(document ->
                        document.links().stream()
                                .filter(Markdown.Link::isLocal)
                                .filter(link ->
                                        !leadsSomewhere(project, document.file(), link.target()))
                                .map(link ->
                                        new Violation(
                                                document.file().path(),
                                                link.line(),
                                                "links to nothing: " + link.target())))
                .toList();
    }

    /// Code and scripts name documents by their path from the root; the checks' own tests make some
    /// up.
    static List<Violation> mentions(Project project) {
        return project.files()
                .filter(file -> !file.isMarkdown() && !file.path().startsWith("checks/"))
                .flatMap(file -> mentions(project, file))
                .toList();
    }

    /// A type that a document names is one of ours, or one of the JDK's.
    static List<Violation> types(Project project) {
        var ours =
                project.files()
                        .filter(TextFile::isJava)
                        .map(file -> file.name().replaceFirst("\\.java$", ""))
                        .collect(Collectors.toSet());
        return project.files()
                .filter(TextFile::isMarkdown)
                .flatMap(file ->
                        wrong(
                                file,
                                TYPE,
                                name -> !ours.contains(name) && !isOfTheJdk(name),
                                "names a type that is not there: "))
                .toList();
    }

    private static boolean isOfTheJdk(String name) {
        return PACKAGES.stream()
                .map(folder -> folder.replace('.', '/') + "/" + name + ".class")
                .anyMatch(path -> ClassLoader.getSystemResource(path) != null);
    }

    private static Stream<Violation> mentions(Project project, TextFile file) {
        return wrong(
                file,
                MENTION,
                target -> !leads(project, target),
                "names a document or heading that is not there: ");
    }

    /// {@return a violation for each find of `pattern` whose last group is wrong}
    private static Stream<Violation> wrong(
            TextFile file, Pattern pattern, Predicate<String> isWrong, String message) {
        return IntStream.range(0, file.lines().size())
                .boxed()
                .flatMap(i ->
                        pattern.matcher(file.lines().get(i))
                                .results()
                                .map(found -> found.group(found.groupCount()))
                                .filter(isWrong)
                                .map(name -> new Violation(file.path(), i + 1, message + name)));
    }

    /// The two READMEs are one text in two languages.
    static List<Violation> readmesInStep(Project project) {
        var readme = project.file(README).map(Markdown::parse);
        var chinese = project.file(README_CHINESE).map(Markdown::parse);
        if (readme.isEmpty() || chinese.isEmpty()) {
            return List.of(
                    new Violation(
                            readme.isEmpty() ? README : README_CHINESE,
                            1,
                            "is missing: the README stands in both languages"));
        }
        var found = new ArrayList<Violation>();
        compare("heading", headings(readme.get()), headings(chinese.get())).ifPresent(found::add);
        compare("code block", codeBlocks(readme.get()), codeBlocks(chinese.get()))
                .ifPresent(found::add);
        return found;
    }

    /// What must be the same in both languages of one part of a README.
    private record Part(Object same, int line) {}

    private static List<Part> headings(Markdown document) {
        return document.headings().stream()
                .map(heading -> new Part(heading.level(), heading.line()))
                .toList();
    }

    private static List<Part> codeBlocks(Markdown document) {
        return document.codeBlocks().stream()
                .map(block -> new Part(block.text(), block.line()))
                .toList();
    }

    /// Only the first difference: what follows it is mostly its echo.
    private static Optional<Violation> compare(String what, List<Part> readme, List<Part> chinese) {
        int i = 0;
        int shorter = Math.min(readme.size(), chinese.size());
        while (i < shorter && readme.get(i).same().equals(chinese.get(i).same())) {
            i++;
        }
        if (i == readme.size() && i == chinese.size()) {
            return Optional.empty();
        }
        boolean isInChinese = i < chinese.size();
        var line = (isInChinese ? chinese : readme).get(i).line();
        var file = isInChinese ? README_CHINESE : README;
        var other = isInChinese ? README : README_CHINESE;
        return Optional.of(
                new Violation(
                        file,
                        line,
                        "%s %d is another in %s: keep the two in step"
                                .formatted(what, i + 1, other)));
    }

    private static Stream<Markdown> documents(Project project) {
        return project.files().filter(TextFile::isMarkdown).map(Markdown::parse);
    }

    private static long titles(Markdown document) {
        return document.headings().stream().filter(heading -> heading.level() == 1).count();
    }

    private static boolean leadsSomewhere(Project project, TextFile from, String target) {
        if (target.startsWith("#")) {
            return leads(project, from.path() + target);
        }
        var folder = Path.of(from.path()).resolveSibling("x").getParent();
        var path = folder == null ? Path.of(target) : folder.resolve(target);
        return leads(project, path.normalize().toString().replace('\\', '/'));
    }

    /// @param target a path from the root, with or without `#anchor`
    private static boolean leads(Project project, String target) {
        int hash = target.indexOf('#');
        if (hash < 0) {
            return project.exists(target);
        }
        var anchor = target.substring(hash + 1);
        return project
                .file(target.substring(0, hash))
                .map(Markdown::parse)
                .map(Markdown::headings)
                .stream()
                .flatMap(List::stream)
                .anyMatch(heading -> heading.anchor().equals(anchor));
    }
}
