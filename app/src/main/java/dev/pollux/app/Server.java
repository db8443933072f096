package dev.pollux.app;

import dev.pollux.chat.PeerName;
import dev.pollux.engines.Engine;
import dev.pollux.engines.Limits;
import dev.pollux.engines.Protocol;
import dev.pollux.http.Handler;
import dev.pollux.http.HttpLimits;
import dev.pollux.http.HttpObserver;
import dev.pollux.http.HttpService;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Platform;
import dev.pollux.libc.SignalCalls;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine;

/// The life of a server command: an engine, its doors, and the three ways to stop it: `quit` on
/// standard input, SIGINT, SIGTERM. The end of standard input stops nothing.
///
/// A stop waits for the peers to take what is queued for them, at most [Limits#stopTimeout()], and
/// says so when it lasts; from then on a signal ends the process at once.
///
/// ```java
/// try (Server server = new Server(options, out, err)) {
///     server.listen("echo", 9999, EchoProtocol::new);
///     return server.run();
/// }
/// ```
final class Server implements AutoCloseable {
    /// Members of a room who are behind share what waits for them, so letting them be far behind
    /// costs that much once, and a reader who is only slow for a moment is not cut off.
    static final Limits LIMITS =
            Limits.DEFAULT.withOutbound(32 * 1024, 128 * 1024, 32 * 1024 * 1024);

    /// A stop that lasts longer is explained.
    private static final long SILENCE_MILLIS = 1000;

    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    private static final String QUIT = "quit";
    private static final String IN_USE = "the port is in use";

    private final ServerOptions options;
    private final Console console;
    private final Engine engine;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /// What a signal starts.
    private final Thread hook = Thread.ofPlatform().name("stop").unstarted(this::stopAndLeave);

    /// Whether somebody wants it to stop.
    private volatile boolean asked;

    /// Opens the engine. From now on a signal stops it, so that one that comes as soon as a door is
    /// open ends in order, too.
    ///
    /// @param options what the command line says of it
    /// @param out standard output
    /// @param err standard error
    /// @throws IOException when the model is not available here
    Server(ServerOptions options, PrintWriter out, PrintWriter err) throws IOException {
        this.options = options;
        this.console = new Console(out, err);
        boolean opened = false;
        try {
            this.engine = options.open(LIMITS, console);
            opened = true;
        } finally {
            if (!opened) {
                console.close();
            }
        }
        Runtime.getRuntime().addShutdownHook(hook);
    }

    Engine engine() {
        return engine;
    }

    Console console() {
        return console;
    }

    /// Opens a door, and prints the line `listening NAME HOST:PORT`.
    ///
    /// @param name what the door leads to
    /// @param port its port, 0 for one that the kernel chooses
    /// @param protocols makes the protocol of each connection
    /// @return the address it got
    /// @throws IOException when the door cannot be opened, in words for a person
    InetSocketAddress listen(String name, int port, Supplier<? extends Protocol> protocols)
            throws IOException {
        var wanted = options.address(port);
        try {
            var address = (InetSocketAddress) engine.listen(wanted, protocols).address();
            console.say("listening " + name + " " + PeerName.of(address));
            return address;
        } catch (IOException e) {
            throw new IOException("cannot listen on " + PeerName.of(wanted) + ": " + why(e), e);
        }
    }

    private static String why(IOException e) {
        return switch (e) {
            case ErrnoException failed when failed.errno() == Errno.EADDRINUSE -> IN_USE;
            case ErrnoException failed -> Errno.text(failed.errno());
            case BindException failed when saysInUse(failed) -> IN_USE;
            default -> String.valueOf(e.getMessage());
        };
    }

    /// The JDK has no other way to tell.
    private static boolean saysInUse(BindException failed) {
        return "Address already in use".equals(failed.getMessage());
    }

    /// {@return the protocols of a web server that tells the console what it cannot answer}
    ///
    /// @param handler answers the requests
    HttpService web(Handler handler) {
        HttpObserver observer = (request, cause) -> console.warn(request + " failed: " + cause);
        return new HttpService(handler, HttpLimits.DEFAULT, observer);
    }

    /// Runs until it is stopped, as [#run(Consumer, Consumer)] does for whom lines say nothing.
    int run() throws IOException, InterruptedException {
        return run(_ -> {}, _ -> {});
    }

    /// Runs until it is stopped.
    ///
    /// @param typed takes the lines of standard input, except `quit`; called on an engine's thread
    /// @param amiss is told of what was typed and is no line
    /// @return the exit code: 0, or 1 when standard output has not taken everything
    /// @throws IOException when it ends though nobody has asked it to
    /// @throws InterruptedException when the thread is interrupted
    int run(Consumer<String> typed, Consumer<String> amiss)
            throws IOException, InterruptedException {
        try (var _ = TypedLines.read(engine, line -> took(line, typed), amiss)) {
            awaitStop();
        }
        close();
        return exitCode();
    }

    private int exitCode() {
        return console.isComplete() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /// Waits for the end of the engine, which has told why when it has failed.
    void awaitStop() throws IOException, InterruptedException {
        IOException failure = null;
        try {
            engine.awaitStop();
        } catch (IOException e) {
            failure = e;
        }
        if (failure != null || !asked) {
            throw new IOException("the server has failed, and nothing serves any more", failure);
        }
    }

    private void took(String line, Consumer<String> typed) {
        if (line.strip().equals(QUIT)) {
            stop();
        } else {
            typed.accept(line);
        }
    }

    /// Begins to stop; waits for the end unless a thread of the engine asks.
    void stop() {
        asked = true;
        try {
            Thread.ofPlatform().name("patience").daemon().start(this::explain);
        } catch (OutOfMemoryError e) {
            // The system gives no more threads: it must stop all the same.
            console.warn("stopping; nobody will tell what it waits for: " + e.getMessage());
        }
        engine.stop(LIMITS.stopTimeout());
    }

    /// Tells what a stop that lasts is waiting for. The JVM is deaf to signals by then, at least
    /// when it was a signal that began the stop: so the kernel is told to end the process at the
    /// next one.
    private void explain() {
        try {
            if (stopped.await(SILENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            return; // Nobody else knows this thread.
        }
        long open = engine.statistics().open();
        console.warn(
                "waiting up to "
                        + LIMITS.stopTimeout().toSeconds()
                        + (open == 1 ? " s for 1 connection" : " s for " + open + " connections")
                        + (isDeafNoMore() ? "; Ctrl-C ends it now" : ""));
    }

    private static boolean isDeafNoMore() {
        return Platform.detect().isPresent()
                && SignalCalls.restore(SIGINT) == 0
                && SignalCalls.restore(SIGTERM) == 0;
    }

    /// A signal has begun to end the JVM. Its exit code would say so (143, 130); but a server that
    /// was asked to stop, and did, is done.
    private void stopAndLeave() {
        stop();
        end();
        Runtime.getRuntime().halt(exitCode());
    }

    /// Stops the engine, and waits until everything is printed. Idempotent. Where a signal has
    /// come, that is done elsewhere, and the JVM's life ends with it: this waits for that.
    @Override
    public void close() {
        stopped.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            awaitEnd();
        }
        end();
    }

    private void awaitEnd() {
        try {
            hook.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        engine.close();
        console.close();
    }
}
