package dev.pollux.http;

import java.io.IOException;

/// Sends the body of one response in bounded pieces, so that a file is never in memory as a whole.
final class BodySender implements AutoCloseable {
    /// What the body answers; named when something goes wrong.
    private final Request request;

    private final Body body;
    private long sent;

    BodySender(Request request, Body body) {
        this.request = request;
        this.body = body;
    }

    Request request() {
        return request;
    }

    /// Adds the next piece.
    ///
    /// @return whether it was the last
    /// @throws IOException when the body cannot be sent as it was promised
    boolean fill(Output out) throws IOException {
        int room = (int) Math.min(body.size() - sent, Output.FLUSH_BYTES);
        if (room == 0) {
            return true;
        }
        int at = out.reserve(room);
        int filled = 0;
        try {
            filled = body.read(sent, out.bytes(), at, room);
        } finally {
            out.unreserve(room - filled);
        }
        sent += filled;
        return sent == body.size();
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
