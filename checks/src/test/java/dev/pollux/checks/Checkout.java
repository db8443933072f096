package dev.pollux.checks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A made-up checkout with the real launcher in it, on a made-up machine: its JDKs and its Maven
/// are scripts that write down how they were called, and its PATH has nothing but what a launcher
/// may use.
final class Checkout {
    private static final List<String> TOOLS =
            List.of(
                    "cat",
                    "cksum",
                    "cmp",
                    "dirname",
                    "find",
                    "grep",
                    "head",
                    "ln",
                    "locale",
                    "mkdir",
                    "mv",
                    "printf",
                    "readlink",
                    "rm",
                    "rmdir",
                    "sed",
                    "sleep",
                    "sort",
                    "tail",
                    "awk",
                    "xargs");

    /// Says where it lies and with which pid it runs, and one line for each of its arguments.
    private static final String JAVA =
            """
            #!/bin/sh
            case $1 in
                */Rehearsal.java) echo rehearsal >>"$CALLS"; : >"$2/pollux.aot"; exit ;;
            esac
            echo "java $0"
            echo "pid $$"
            echo "locale $LC_ALL"
            for word; do echo "word $word"; done
            """;

    /// Puts one jar where it is told to, unless it is to fail; waits if it is told for what.
    private static final String MAVEN =
            """
            #!/bin/sh
            echo "maven $*" >>"$CALLS"
            echo "JAVA_HOME=$JAVA_HOME" >>"$CALLS"
            echo "locale $LC_ALL" >>"$CALLS"
            [ ! -p "$MAVEN_WAITS" ] || cat "$MAVEN_WAITS"
            if [ -n "$MAVEN_FAILS" ]; then
                for i in 1 2; do echo '[ERROR] A.java:1 is wrong'; done
                echo '[ERROR] -> [Help 1]'
                echo '[ERROR] how to read errors'
                exit 1
            fi
            for word; do
                case $word in -Dlaunch.lib=*) echo jar >"${word#-Dlaunch.lib=}/app.jar" ;; esac
            done
            """;

    private final Path machine;
    private final Path root;
    private final Map<String, String> environment = new TreeMap<>();
    private final List<Process> started = new ArrayList<>();

    /// What reads the launcher; nothing where that is for its first line to say.
    private List<String> shell = List.of();

    Checkout(Path machine) {
        this.machine = machine;
        this.root = machine.resolve("a check out");
        var project = Project.here();
        var launcher = project.file("pollux").orElseThrow().text();
        for (var folder : List.of("/usr/", "/opt/", "/Library/")) {
            launcher = launcher.replace(" " + folder, " " + escaped(machine + folder));
        }
        script(root.resolve("pollux"), launcher);
        for (var script : List.of("build", "example", "lock", "maven")) {
            var path = "launch/" + script + ".sh";
            write(root.resolve(path), project.file(path).orElseThrow().text());
        }
        for (var file : List.of("pom.xml", ".mvn/jvm.config", "launch/Rehearsal.java")) {
            write(root.resolve(file), "");
        }
        for (var module : List.of("libc", "selectors", "engines", "http", "chat", "lab", "app")) {
            write(root.resolve(module + "/pom.xml"), "");
            write(root.resolve(module + "/src/main/A.java"), "");
        }
        script(machine.resolve("bin/mvn"), MAVEN);
        TOOLS.forEach(this::tool);
        environment.put("PATH", machine.resolve("bin").toString());
        environment.put("HOME", machine.resolve("home").toString());
        environment.put("CALLS", machine.resolve("calls").toString());
        environment.put("MAVEN_WAITS", "");
        environment.put("MAVEN_FAILS", "");
    }

    /// Puts a JDK on the machine.
    ///
    /// @param path where, from the machine's root
    /// @param version what its `release` file says
    Path jdk(String path, String version) {
        var home = machine.resolve(path);
        script(home.resolve("bin/java"), JAVA);
        script(home.resolve("bin/javac"), "#!/bin/sh\n");
        write(
                home.resolve("release"),
                "IMPLEMENTOR=\"Someone\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
        return home;
    }

    Checkout with(String variable, Object value) {
        environment.put(variable, value.toString());
        return this;
    }

    Checkout in(String... shell) {
        this.shell = List.of(shell);
        return this;
    }

    /// {@return how often what was called} The beginning of a line that a script of this machine
    /// writes down, as `maven` and `rehearsal`.
    long calls(String what) {
        var file = machine.resolve("calls");
        if (!Files.exists(file)) {
            return 0;
        }
        return lines(file).stream().filter(line -> line.startsWith(what)).count();
    }

    Path path(String path) {
        return root.resolve(path);
    }

    Path onMachine(String path) {
        return machine.resolve(path);
    }

    /// Changes a source now, in the eyes of any clock.
    void touch(String path) {
        write(root.resolve(path), "changed");
        try {
            Files.setLastModifiedTime(
                    root.resolve(path), FileTime.from(Instant.now().plusSeconds(5)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts the launcher with these words, in the machine's root.
    Run start(String... words) {
        return startAs(root.resolve("pollux"), words);
    }

    Run startAs(Path launcher, String... words) {
        var command = new ArrayList<>(shell);
        command.add(launcher.toString());
        command.addAll(List.of(words));
        var out = machine.resolve("out" + System.nanoTime());
        var err = machine.resolve("err" + System.nanoTime());
        var builder =
                new ProcessBuilder(command)
                        .directory(machine.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            var process = builder.start();
            started.add(process);
            return new Run(process, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends what a failed test left running.
    void end() {
        for (var process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /// One start of the launcher.
    record Run(Process process, Path outFile, Path errFile) {
        int exitCode() {
            try {
                return process.waitFor();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /// {@return what it printed, once it has ended}
        List<String> out() {
            exitCode();
            return lines(outFile);
        }

        String err() {
            exitCode();
            return String.join("\n", lines(errFile));
        }
    }

    void script(Path file, String text) {
        write(file, text);
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return whether the real machine has this tool}
    static boolean isInstalled(String name) {
        return where(name).isPresent();
    }

    private static Optional<String> where(String name) {
        return Stream.of("/usr/bin/", "/bin/")
                .map(folder -> folder + name)
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
    }

    private void tool(String name) {
        var tool = where(name).orElseThrow();
        script(machine.resolve("bin").resolve(name), "#!/bin/sh\nexec " + tool + " \"$@\"\n");
    }

    static void link(Path link, Path target) {
        try {
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escaped(String path) {
        return path.replace(" ", "\\ ");
    }
}
