package dev.pollux.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A project made up for one test, in a folder of its own.
///
/// @param root an empty folder
record Planted(Path root) {
    void file(String path, String text) {
        try {
            var file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Modules in the order of the ladder, as the root `pom.xml` has them.
    void modules(String... names) {
        var pom = new StringBuilder("<project><modules>\n");
        for (var name : names) {
            pom.append("<module>").append(name).append("</module>\n");
        }
        file("pom.xml", pom.append("</modules></project>\n").toString());
    }

    Project project() {
        return Project.read(root);
    }
}
