package dev.pollux.checks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The project as the rules see it: every text file below its root that `.gitignore` does not name.
final class Project {
    private static final Pattern MODULE = Pattern.compile("<module>(\\w+)</module>");

    private final Path root;
    private final List<TextFile> files = new ArrayList<>();

    /// Empty until somebody asks for them.
    private List<JavaTree> trees = List.of();

    private Project(Path root) {
        this.root = root;
    }

    /// {@return the project that this test belongs to}
    static Project here() {
        var folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("pollux"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("no folder above this one has the launcher `pollux`");
        }
        return read(folder);
    }

    static Project read(Path root) {
        var project = new Project(root);
        try {
            Files.walkFileTree(root, project.new Reader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        project.files.sort((a, b) -> a.path().compareTo(b.path()));
        return project;
    }

    Stream<TextFile> files() {
        return files.stream();
    }

    Optional<TextFile> file(String path) {
        return files().filter(file -> file.path().equals(path)).findFirst();
    }

    /// {@return the Java sources of the modules, of the launcher and of the examples} The
    /// benchmarks' are not among them.
    Stream<TextFile> java() {
        var folders = new HashSet<>(modules());
        folders.add("launch");
        folders.add("examples");
        return files().filter(TextFile::isJava)
                .filter(file -> folders.contains(file.path().replaceFirst("/.*", "")));
    }

    /// {@return the syntax trees of [#java()]}
    List<JavaTree> trees() {
        if (trees.isEmpty()) {
            trees = JavaTree.parse(java().toList());
        }
        return trees;
    }

    /// {@return the modules that the root `pom.xml` names in its default build, in order}
    List<String> modules() {
        var pom =
                file("pom.xml").map(TextFile::text).orElse("").replaceFirst("(?s)<profiles>.*", "");
        return MODULE.matcher(pom).results().map(found -> found.group(1)).toList();
    }

    boolean exists(String path) {
        return Files.exists(root.resolve(path));
    }

    private final class Reader extends SimpleFileVisitor<Path> {
        private final List<String> ignored = new ArrayList<>(List.of(".git"));

        Reader() throws IOException {
            var list = root.resolve(".gitignore");
            if (Files.exists(list)) {
                Files.readAllLines(list).stream()
                        .map(line -> line.replaceFirst("/$", "").strip())
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .forEach(ignored::add);
            }
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return isIgnored(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            if (attributes.isRegularFile() && !isIgnored(file)) {
                try {
                    files.add(new TextFile(relative(file), Files.readAllLines(file, UTF_8)));
                } catch (CharacterCodingException _) {
                    // Not text: a picture, say. No rule speaks of those.
                }
            }
            return FileVisitResult.CONTINUE;
        }

        /// Knows what our `.gitignore` uses: a name, a path from the root, and `*` before an
        /// ending.
        private boolean isIgnored(Path path) {
            var relative = relative(path);
            var name = path.getFileName().toString();
            return ignored.stream()
                    .anyMatch(line ->
                            line.startsWith("*")
                                    ? name.endsWith(line.substring(1))
                                    : line.contains("/")
                                            ? relative.equals(line.replaceFirst("^/", ""))
                                            : name.equals(line));
        }

        private String relative(Path path) {
            return root.relativize(path).toString().replace('\\', '/');
        }
    }
}
