import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Makes the AOT cache: runs the program once, with the JVM recording what it loads, links and
/// compiles (JEP 514).
///
/// The launcher runs this file from its source: `java Rehearsal.java CACHE COMMAND...`, where COMMAND
/// starts Pollux, its subcommand missing. Exit code 0 means that CACHE was written.
final class Rehearsal {
    private static final int DEADLINE_SECONDS = 120;

    private Rehearsal() {}

    static void main(String[] args) throws IOException, InterruptedException {
        var cache = new File(args[0]);
        var process = start(cache, Arrays.asList(args).subList(1, args.length));
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("no end within " + DEADLINE_SECONDS + " s");
        }
        if (process.exitValue() != 0 || !cache.isFile()) {
            throw new IllegalStateException("exit code " + process.exitValue() + ", and no cache");
        }
    }

    private static Process start(File cache, List<String> command) throws IOException {
        var words = new ArrayList<>(command);
        words.add(1, "-XX:AOTCacheOutput=" + cache);
        words.add("version");
        return new ProcessBuilder(words).inheritIO().start();
    }
}
