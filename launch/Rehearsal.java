import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Makes the AOT cache: runs the servers once, as their first visitors would, with the JVM
/// recording what it loads, links and compiles (JEP 514).
///
/// The launcher runs this file from its source: `java Rehearsal.java FOLDER COMMAND...`. The jars
/// are in FOLDER/lib, the cache becomes FOLDER/pollux.aot, and COMMAND starts Pollux, its
/// subcommand missing. Exit code 0 means that the cache was written.
final class Rehearsal {
    private static final int DEADLINE_SECONDS = 120;
    private static final List<String> DOORS = List.of("chat", "web");

    private Rehearsal() {}

    static void main(String[] args) throws IOException, InterruptedException {
        var folder = Path.of(args[0]);
        StackMaps.addTo(folder.resolve("lib"));
        var cache = folder.resolve("pollux.aot");
        var server = start(cache, Arrays.asList(args).subList(1, args.length));
        try {
            Thread.ofVirtual().start(() -> stopLate(server));
            visit(server);
            int exitCode = server.waitFor();
            if (exitCode != 0 || !Files.isRegularFile(cache)) {
                throw new IllegalStateException("exit code " + exitCode + ", or no cache");
            }
        } finally {
            server.destroyForcibly();
        }
    }

    private static Process start(Path cache, List<String> command) throws IOException {
        var words = new ArrayList<>(command);
        words.add(1, "-XX:AOTCacheOutput=" + cache);
        words.addAll(List.of("serve", "--port", "0", "--web-port", "0"));
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        // What somebody sets for their own servers, the visitors may not find or get past.
        builder.environment().keySet().removeIf(name -> name.startsWith("POLLUX_"));
        return builder.start();
    }

    /// Without a deadline, a server that never opens its doors would keep the build waiting for
    /// ever.
    private static void stopLate(Process server) {
        try {
            if (!server.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                IO.println("no end within " + DEADLINE_SECONDS + " s");
                server.destroyForcibly();
            }
        } catch (InterruptedException _) {
            server.destroyForcibly();
        }
    }

    private static void visit(Process server) throws IOException {
        try (var said = server.inputReader(UTF_8);
                var terminal = server.outputWriter(UTF_8)) {
            var ports = ports(said);
            Visitors.chat(ports.get("chat"));
            Visitors.browse(ports.get("web"));
            terminal.write("quit\n");
            terminal.flush();
            said.lines().forEach(IO::println);
        }
    }

    /// Reads `listening NAME HOST:PORT` until every door is open.
    private static Map<String, Integer> ports(BufferedReader said) throws IOException {
        var ports = new HashMap<String, Integer>();
        while (!ports.keySet().containsAll(DOORS)) {
            var line = said.readLine();
            if (line == null) {
                throw new IllegalStateException("the server ended before its doors were open");
            }
            IO.println(line);
            var words = line.split(" ");
            if (words.length == 3 && words[0].equals("listening")) {
                var address = words[2];
                int colon = address.lastIndexOf(':');
                ports.put(words[1], Integer.valueOf(address.substring(colon + 1)));
            }
        }
        return ports;
    }
}
