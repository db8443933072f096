package dev.pollux.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Collects the body of one request, within a bound.
final class BodyReader {
    /// Memory taken before any byte has come: what a peer announces is not yet sent.
    private static final int START_BYTES = 4 * 1024;

    private final Request request;
    private final int bytesMax;

    /// How many bytes are to come; unused when there are chunks.
    private long left;

    /// Null when the length is known.
    private final @Nullable ChunkedDecoder chunks;

    private byte[] bytes;
    private int size;

    private BodyReader(Request request, int bytesMax, long left, @Nullable ChunkedDecoder chunks) {
        this.request = request;
        this.bytesMax = bytesMax;
        this.left = left;
        this.chunks = chunks;
        long expected = chunks == null ? left : START_BYTES;
        this.bytes = new byte[(int) Math.min(Math.min(expected, bytesMax), START_BYTES)];
    }

    /// {@return the reader of a request's body, null when it has none}
    ///
    /// @throws RejectedException when the body is known to be too large
    static @Nullable BodyReader of(Request request, HttpLimits limits) throws RejectedException {
        return switch (request.framed().framing()) {
            case Framing.None() -> null;
            case Framing.Length(long length) -> {
                var reader = new BodyReader(request, limits.bodyBytesMax(), length, null);
                reader.requireRoom(length);
                yield reader;
            }
            case Framing.Chunked() -> {
                var decoder = new ChunkedDecoder(limits.requestLineBytesMax());
                yield new BodyReader(request, limits.bodyBytesMax(), 0, decoder);
            }
            case Framing.Refused(Status status, String reason) ->
                    throw new RejectedException(status, reason);
        };
    }

    /// Consumes input up to the body's end.
    ///
    /// @param input the next bytes of the connection
    /// @return the complete request, null when more is to come
    /// @throws RejectedException when the body is malformed or too large
    @Nullable Request read(ByteBuffer input) throws RejectedException {
        boolean done;
        if (chunks == null) {
            int count = (int) Math.min(left, input.remaining());
            append(input, count);
            left -= count;
            done = left == 0;
        } else {
            chunks.decode(input, this);
            done = chunks.isDone();
        }
        if (!done) {
            return null;
        }
        request.body(bytes, size);
        return request;
    }

    /// Says no to a body that is too large before it has come.
    void requireRoom(long more) throws RejectedException {
        if (more > bytesMax - size) {
            throw new RejectedException(Status.CONTENT_TOO_LARGE, "the body is too large");
        }
    }

    void append(ByteBuffer input, int count) {
        if (size + count > bytes.length) {
            int grown = Math.max(size + count, 2 * bytes.length);
            bytes = Arrays.copyOf(bytes, Math.min(grown, bytesMax));
        }
        input.get(bytes, size, count);
        size += count;
    }
}
