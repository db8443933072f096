import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Makes the AOT cache: runs the program once, with the JVM recording what it loads, links and
/// compiles (JEP 514).
///
/// The launcher runs this file from its source: `java Rehearsal.java FOLDER COMMAND...`. The jars
/// are in FOLDER/lib, the cache becomes FOLDER/pollux.aot, and COMMAND starts Pollux, its
/// subcommand missing. Exit code 0 means that the cache was written.
final class Rehearsal {
    private static final int DEADLINE_SECONDS = 120;

    private Rehearsal() {}

    static void main(String[] args) throws IOException, InterruptedException {
        var folder = Path.of(args[0]);
        StackMaps.addTo(folder.resolve("lib"));
        var cache = folder.resolve("pollux.aot");
        var process = start(cache, Arrays.asList(args).subList(1, args.length));
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("no end within " + DEADLINE_SECONDS + " s");
        }
        if (process.exitValue() != 0 || !Files.isRegularFile(cache)) {
            throw new IllegalStateException("exit code " + process.exitValue() + ", or no cache");
        }
    }

    private static Process start(Path cache, List<String> command) throws IOException {
        var words = new ArrayList<>(command);
        words.add(1, "-XX:AOTCacheOutput=" + cache);
        words.add("version");
        return new ProcessBuilder(words).inheritIO().start();
    }
}
