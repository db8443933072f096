package dev.pollux.checks;

import com.sun.source.tree.AnnotationTree;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Rules about which files there are.
final class LayoutRules {
    private static final Pattern LAUNCHED = Pattern.compile("(?m)^MODULES='([^']*)'$");

    private static final Pattern FOR_TESTS = Pattern.compile("<scope>(test|import)</scope>");

    private static final Pattern IMPORT =
            Pattern.compile("import (?:static )?(dev\\.pollux\\.[a-z0-9.]+\\.[A-Z]\\w*).*;");

    private static final Set<String> NULL_MARKED =
            Set.of("org.jspecify.annotations.NullMarked", "NullMarked");

    private LayoutRules() {}

    static List<Violation> packageInfo(Project project) {
        return mainSources(project)
                .filter(file -> !file.name().equals("module-info.java"))
                .map(TextFile::path)
                .map(path -> path.substring(0, path.lastIndexOf('/')))
                .distinct()
                .filter(folder -> project.file(folder + "/package-info.java").isEmpty())
                .map(folder ->
                        new Violation(
                                folder + "/package-info.java",
                                1,
                                "is missing: say there what the package is for, and in"
                                        + " which order to read it"))
                .toList();
    }

    static List<Violation> nullMarkedModules(Project project) {
        var marked =
                mainSources(project)
                        .filter(file -> file.name().equals("module-info.java"))
                        .filter(LayoutRules::isNullMarked)
                        .map(TextFile::path)
                        .collect(Collectors.toSet());
        return shipped(project)
                .map(module -> module + "/src/main/java/module-info.java")
                .filter(path -> !marked.contains(path))
                .map(path ->
                        new Violation(
                                path,
                                1,
                                "every module has a module-info.java that carries"
                                        + " @org.jspecify.annotations.NullMarked: NullAway"
                                        + " looks at no other code"))
                .toList();
    }

    /// The launcher watches the sources of the modules it names: one that it forgot would never be
    /// built anew.
    static List<Violation> launchedModules(Project project) {
        var launcher = project.file("pollux").map(TextFile::text).orElse("");
        var named = LAUNCHED.matcher(launcher);
        var expected = shipped(project).collect(Collectors.joining(" "));
        if (named.find() && named.group(1).equals(expected)) {
            return List.of();
        }
        return List.of(
                new Violation(
                        "pollux",
                        1,
                        "must name the modules it builds: MODULES='" + expected + "'"));
    }

    /// Who only wants a server should not have to fetch what tests need: the launcher's build
    /// leaves out the profile `tests`.
    static List<Violation> librariesOfTests(Project project) {
        return Stream.concat(
                        Stream.of("pom.xml"), shipped(project).map(module -> module + "/pom.xml"))
                .flatMap(path -> project.file(path).stream())
                .flatMap(file ->
                        beforeProfiles(file)
                                .matches(
                                        FOR_TESTS,
                                        "is fetched for a server too:"
                                                + " it belongs into the root's profile `tests`"))
                .toList();
    }

    /// They are no part of the default build, whose compiler would tell.
    static List<Violation> importsOfBenchmarks(Project project) {
        var types = mainSources(project).map(LayoutRules::type).collect(Collectors.toSet());
        return project.files()
                .filter(file -> file.isJava() && file.path().startsWith("benchmarks/"))
                .flatMap(file ->
                        IMPORT.matcher(file.text())
                                .results()
                                .map(found -> found.group(1))
                                .filter(type -> !types.contains(type))
                                .map(type -> new Violation(file.path(), 1, "there is no " + type)))
                .toList();
    }

    private static String type(TextFile file) {
        return file.path().replaceFirst(".*/src/main/java/(.*)\\.java", "$1").replace('/', '.');
    }

    private static TextFile beforeProfiles(TextFile pom) {
        var lines = pom.lines().stream().takeWhile(line -> !line.contains("<profiles>")).toList();
        return new TextFile(pom.path(), lines);
    }

    private static Stream<String> shipped(Project project) {
        return project.modules().stream().filter(module -> !module.equals("checks"));
    }

    private static Stream<TextFile> mainSources(Project project) {
        return project.java().filter(file -> file.path().contains("/src/main/java/"));
    }

    private static boolean isNullMarked(TextFile file) {
        var module = JavaTree.parse(file).unit().getModule();
        return module != null
                && module.getAnnotations().stream()
                        .map(AnnotationTree::getAnnotationType)
                        .anyMatch(type -> NULL_MARKED.contains(type.toString()));
    }
}
