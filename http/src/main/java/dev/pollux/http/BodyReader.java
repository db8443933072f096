package dev.pollux.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Collects the body of one request, within a bound of its own and the budget of all.
final class BodyReader implements AutoCloseable {
    /// The first memory: what a peer announces is not yet sent.
    private static final int START_BYTES = 4 * 1024;

    private static final byte[] NOTHING = {};

    private final Request request;
    private final int bytesMax;
    private final BodyBudget budget;

    /// How many bytes are to come; unused when there are chunks.
    private long left;

    /// Null when the length is known.
    private final @Nullable ChunkedDecoder chunks;

    private byte[] bytes = NOTHING;
    private int size;

    /// Bytes taken out of the budget.
    private int taken;

    private BodyReader(
            Request request, HttpService service, long left, @Nullable ChunkedDecoder chunks) {
        this.request = request;
        this.bytesMax = service.limits().bodyBytesMax();
        this.budget = service.bodies();
        this.left = left;
        this.chunks = chunks;
    }

    /// {@return the reader of a request's body, which it has}
    ///
    /// @throws RejectedException when the body is known to be too large
    static BodyReader of(Request request, HttpService service) throws RejectedException {
        return switch (request.framed().framing()) {
            case Framing.None() -> new BodyReader(request, service, 0, null);
            case Framing.Length(long length) -> {
                var reader = new BodyReader(request, service, length, null);
                reader.requireRoom(length);
                yield reader;
            }
            case Framing.Chunked() -> {
                var decoder = new ChunkedDecoder(service.limits().requestLineBytesMax());
                yield new BodyReader(request, service, 0, decoder);
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

    /// @throws RejectedException when the budget of all bodies is used up
    void append(ByteBuffer input, int count) throws RejectedException {
        if (size + count > bytes.length) {
            grow(size + count);
        }
        input.get(bytes, size, count);
        size += count;
    }

    /// Takes memory for what has come, and for as much again as it has.
    private void grow(int needed) throws RejectedException {
        int wanted = Math.max(Math.max(needed, 2 * bytes.length), START_BYTES);
        int most = chunks == null ? (int) Math.min(size + left, bytesMax) : bytesMax;
        int capacity = Math.min(wanted, most);
        budget.take(capacity - taken);
        taken = capacity;
        bytes = Arrays.copyOf(bytes, capacity);
    }

    /// Gives back what it took of the budget. Idempotent.
    @Override
    public void close() {
        budget.give(taken);
        taken = 0;
    }
}
