package dev.pollux.app;

import dev.pollux.chat.LineDecoder;
import dev.pollux.engines.Engine;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.Transport;
import dev.pollux.libc.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Standard input, line by line: a terminal, a pipe, a file, or nothing at all. It is one more
/// descriptor of the engine, so nobody waits while somebody types.
///
/// Lines that are no text are passed over.
final class TypedLines implements Protocol {
    private static final int STANDARD_INPUT = 0;
    private static final int CHUNK_BYTES = 4096;

    private final LineDecoder decoder = new LineDecoder();
    private final Consumer<String> typed;

    private TypedLines(Consumer<String> typed) {
        this.typed = typed;
    }

    /// Begins to read.
    ///
    /// @param engine on whose first loop; with a model that cannot wait for a bare descriptor, on a
    ///   thread of its own
    /// @param typed takes the lines
    static void read(Engine engine, Consumer<String> typed) {
        var lines = new TypedLines(typed);
        try {
            if (isOpen()) {
                // Where the C library is not known, no model can wait for a bare descriptor.
                var _ = Platform.current();
                engine.adopt(STANDARD_INPUT, lines);
            }
        } catch (UnsupportedOperationException _) {
            Thread.ofPlatform().name("stdin").daemon().start(() -> lines.readAll(System.in));
        } catch (IllegalStateException _) {
            // It stops already: nobody will be heard.
        } catch (IOException _) {
            // Standard input was closed when we came: nobody will type anything.
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
            for (int size = in.read(chunk); size >= 0; size = in.read(chunk)) {
                received(ByteBuffer.wrap(chunk, 0, size));
            }
            eof();
        } catch (IOException _) {
            // Closed, or never readable: nobody will type anything.
        }
    }

    @Override
    public void connected(Transport transport) {
        // Nothing is ever written to it.
    }

    @Override
    public void received(ByteBuffer bytes) {
        var result = LineDecoder.Result.LINE;
        while (result != LineDecoder.Result.MORE && result != LineDecoder.Result.ENDLESS) {
            result = decoder.next(bytes);
            take(result);
        }
    }

    @Override
    public boolean eof() {
        take(decoder.end());
        return false;
    }

    private void take(LineDecoder.Result result) {
        if (result == LineDecoder.Result.LINE) {
            typed.accept(decoder.text());
        }
    }
}
