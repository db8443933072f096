package dev.pollux.app;

import dev.pollux.chat.LineDecoder;
import dev.pollux.engines.Engine;
import dev.pollux.engines.Limits;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.Transport;
import dev.pollux.engines.models.IoModel;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Standard input, line by line: a terminal, a pipe, a file, or nothing at all. It is one more
/// descriptor of the engine, so nobody waits while somebody types.
///
/// The end of input at a terminal (Ctrl-D) ends nothing: what is typed next is read.
final class TypedLines implements Protocol, AutoCloseable {
    private static final int STANDARD_INPUT = 0;
    private static final int CHUNK_BYTES = 4096;

    /// What a line of a terminal is cut at, `termios(3)`.
    private static final int TERMINAL_LINE_BYTES = 4095;

    private final LineDecoder decoder = LineDecoder.typed();
    private final Consumer<String> typed;
    private final Consumer<String> amiss;

    /// Whether it is a terminal, as far as can be told here.
    private final boolean terminal;

    /// Null as long as nothing is read by an engine.
    private @Nullable Transport transport;

    /// What reads where the servers' engine waits for the JDK's channels only.
    private @Nullable Engine own;

    /// Whether nothing is to be read any more.
    private boolean ended;

    private TypedLines(Consumer<String> typed, Consumer<String> amiss) {
        this.typed = typed;
        this.amiss = amiss;
        this.terminal = Platform.detect().isPresent() && Descriptors.isatty(STANDARD_INPUT);
    }

    /// Begins to read.
    ///
    /// @param engine on whose first loop; with a model that cannot wait for a bare descriptor, on a
    ///   loop of its own, or where there can be none, on a thread that sleeps in reading
    /// @param typed takes the lines
    /// @param amiss is told why something that was typed is no line, in a sentence
    /// @return what ends it when it is closed, if `engine` has not before
    static TypedLines read(Engine engine, Consumer<String> typed, Consumer<String> amiss) {
        var lines = new TypedLines(typed, amiss);
        try {
            if (isOpen()) {
                lines.readOn(engine);
            }
        } catch (IllegalStateException _) {
            // It stops already: nobody will be heard.
        } catch (IOException _) {
            // Standard input was closed when we came: nobody will type anything.
        }
        return lines;
    }

    private void readOn(Engine engine) throws IOException {
        if (Platform.detect().isEmpty()) {
            Thread.ofPlatform().name("stdin").daemon().start(() -> readAll(System.in));
            return;
        }
        try {
            engine.adopt(STANDARD_INPUT, this);
        } catch (UnsupportedOperationException _) {
            own = IoModel.POLL.open(Limits.DEFAULT);
            own.adopt(STANDARD_INPUT, this);
        }
    }

    /// {@return whether standard input is what we were given} Started without one (`<&-`), the JVM
    /// finds the number free and has its own module file there.
    static boolean isOpen() {
        try {
            var modules = Path.of(System.getProperty("java.home"), "lib", "modules");
            return !Files.isSameFile(Path.of("/dev/fd/0"), modules);
        } catch (IOException _) {
            // No such pseudo file: whoever reads the descriptor will see.
            return true;
        }
    }

    private void readAll(InputStream in) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            for (int size = in.read(chunk); size >= 0 && !ended; size = in.read(chunk)) {
                received(ByteBuffer.wrap(chunk, 0, size));
            }
            take(decoder.end());
        } catch (IOException _) {
            // Closed, or never readable: nobody will type anything.
        }
    }

    @Override
    public void connected(Transport transport) {
        this.transport = transport;
    }

    @Override
    public void received(ByteBuffer bytes) {
        var result = LineDecoder.Result.LINE;
        while (result != LineDecoder.Result.MORE && !ended) {
            result = decoder.next(bytes);
            take(result);
        }
        bytes.position(bytes.limit());
    }

    @Override
    public boolean eof() {
        take(decoder.end());
        return terminal;
    }

    private void take(LineDecoder.Result result) {
        switch (result) {
            case MORE -> {}
            case LINE -> line();
            case TOO_LONG, NOT_UTF8, CONTROL, INVISIBLE -> amiss.accept(result.complaint());
            case ENDLESS, FOREIGN -> end();
        }
    }

    private void line() {
        boolean cut = terminal && decoder.line().limit() == TERMINAL_LINE_BYTES;
        typed.accept(decoder.text());
        if (cut) {
            amiss.accept("the terminal cut that line at " + TERMINAL_LINE_BYTES + " bytes");
        }
    }

    /// Nothing sensible is to be expected of it any more, as of `/dev/zero`.
    private void end() {
        ended = true;
        amiss.accept("these are no typed lines: nothing of standard input is read any more");
        if (transport != null) {
            transport.close();
        }
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
