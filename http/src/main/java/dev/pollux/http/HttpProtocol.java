package dev.pollux.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One connection of an HTTP/1.1 server: bytes in, answers out, in order.
///
/// Requests are read one at a time: while an answer is under way, or while the peer does not take
/// what has been answered, nothing is read, so a peer cannot make work faster than it takes the
/// results. All answers to one batch of input leave as one write.
///
/// A body is taken only when the handler wants it; else the request is answered from its head, and
/// what follows is not listened to.
///
/// A connection ends in order: after a refused request, whose end nobody can know, after one whose
/// body was not taken, after the last answer, at a timeout. Only a body that breaks off ends it
/// with a reset.
public final class HttpProtocol implements Protocol {
    private enum Phase {
        /// A head is to come, or has come in part.
        HEAD,
        /// The body of a request is to come.
        BODY,
        /// An answer is under way, or waits to be taken by the peer; nothing is read.
        ANSWERING,
        /// The last answer has been written.
        CLOSING
    }

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] CLOSE = "Connection: close\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] KEEP_ALIVE = "Connection: keep-alive\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] CRLF = "\r\n".getBytes(US_ASCII);

    private final HttpService service;
    private final HeadScanner scanner;
    private @Nullable Transport transport;
    private @Nullable Deadline deadline;
    private Phase phase = Phase.HEAD;
    private Wait wait = Wait.NOTHING;

    /// What collects the body in phase BODY, else null.
    private @Nullable BodyReader reader;

    /// The rest of the answer under way, null when there is none.
    private @Nullable BodySender sender;

    /// Input that came in the same batch as a request whose answer is not finished; null when there
    /// is none.
    private @Nullable ByteBuffer backlog;

    /// Requests answered.
    private int served;

    /// Whether the request being read is a HEAD request.
    private boolean headOnly;

    /// Whether the connection ends with the answer under way.
    private boolean last;

    private boolean paused;
    private boolean stopping;

    /// Whether the peer has finished sending.
    private boolean ended;

    HttpProtocol(HttpService service) {
        this.service = service;
        this.scanner = new HeadScanner(service.limits());
    }

    @Override
    public void connected(Transport transport) {
        this.transport = transport;
        deadline = new Deadline(transport, this::expired);
        wait = Wait.NEXT_REQUEST;
        deadline.set(service.now(), service.nanos(Wait.HEAD));
    }

    @Override
    public void received(ByteBuffer bytes) {
        ByteBuffer before = backlog;
        boolean kept = before != null;
        ByteBuffer input = before != null ? joined(before, bytes) : bytes;
        if (phase == Phase.ANSWERING) {
            keep(input, kept);
        } else {
            advance(input, kept);
        }
    }

    @Override
    public void writable() {
        if (phase == Phase.ANSWERING) {
            ByteBuffer input = backlog;
            advance(input != null ? input : ByteBuffer.allocate(0), true);
        }
    }

    @Override
    public boolean eof() {
        ended = true;
        if (phase == Phase.BODY || (phase == Phase.HEAD && scanner.hasBegun())) {
            refuseNow(RejectedException.bad("the request is incomplete"));
        }
        return phase == Phase.ANSWERING;
    }

    @Override
    public boolean stopping() {
        stopping = true;
        if (phase == Phase.HEAD && !scanner.hasBegun()) {
            close();
        }
        return true;
    }

    @Override
    public void disconnected(@Nullable IOException cause) {
        phase = Phase.CLOSING;
        release();
    }

    private Transport transport() {
        return Objects.requireNonNull(transport, "not connected");
    }

    private Deadline deadline() {
        return Objects.requireNonNull(deadline, "not connected");
    }

    private static ByteBuffer joined(ByteBuffer before, ByteBuffer bytes) {
        return ByteBuffer.allocate(before.remaining() + bytes.remaining())
                .put(before)
                .put(bytes)
                .flip();
    }

    /// Keeps what is left of the input. The engine need not: it bounds what is left unread, but
    /// more than that may come at once.
    ///
    /// @param input what is left
    /// @param kept whether it is in memory of our own
    private void keep(ByteBuffer input, boolean kept) {
        if (!input.hasRemaining()) {
            backlog = null;
        } else {
            backlog = kept ? input : ByteBuffer.allocate(input.remaining()).put(input).flip();
        }
    }

    /// Goes on as far as input and output allow.
    private void advance(ByteBuffer input, boolean kept) {
        long now = service.now();
        Output out = service.outputs().take();
        try {
            if (phase == Phase.ANSWERING) {
                resume(out);
            }
            while (input.hasRemaining() && step(input, out, now)) {
                // Each round takes one head with its answer, or what there is of a body.
            }
        } catch (RejectedException e) {
            refuse(e, out, now);
        } finally {
            out.writeTo(transport());
            service.outputs().give(out);
        }
        settle(input, kept, now);
    }

    /// {@return whether there may be another step}
    private boolean step(ByteBuffer input, Output out, long now) throws RejectedException {
        return switch (phase) {
            case HEAD -> readHead(input, out, now);
            case BODY -> readBody(input, out, now);
            case ANSWERING, CLOSING -> false;
        };
    }

    private boolean readHead(ByteBuffer input, Output out, long now) throws RejectedException {
        int length = scanner.scan(input);
        if (length == 0) {
            return false;
        }
        var head = new byte[length];
        input.get(head);
        int fields = scanner.fields();
        scanner.reset();
        wait = Wait.NOTHING;
        headOnly = RequestParser.isHead(head);
        Request request = RequestParser.parse(head, fields);
        if (request.isComplete() || !service.wantsBody(request)) {
            answer(request, out, now);
        } else {
            reader = BodyReader.of(request, service);
            phase = Phase.BODY;
            if (request.framed().waits()) {
                out.put(CONTINUE);
            }
        }
        return true;
    }

    private boolean readBody(ByteBuffer input, Output out, long now) throws RejectedException {
        Request request = Objects.requireNonNull(reader).read(input);
        if (request == null) {
            return false;
        }
        wait = Wait.NOTHING;
        answer(request, out, now);
        return true;
    }

    private void closeReader() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    private void answer(Request request, Output out, long now) {
        Response response = service.answer(request);
        served++;
        last =
                !request.framed().persistent()
                        || !request.isComplete()
                        || stopping
                        || served >= service.limits().requestsMax();
        putHead(response, request.framed().minor(), out, now);
        phase = Phase.ANSWERING;
        sender = new BodySender(request, response.body());
        if (headOnly || response.status().isBodiless()) {
            finishBody();
        }
        headOnly = false;
        resume(out);
    }

    private void putHead(Response response, int minor, Output out, long now) {
        out.put(response.headers().bytes());
        out.put(service.dateLine(now));
        if (last) {
            out.put(CLOSE);
        } else {
            out.put(minor == 0 ? KEEP_ALIVE : CRLF);
        }
    }

    /// Goes on with the answer under way: to its end, or until the peer has enough to take.
    private void resume(Output out) {
        while (true) {
            if (out.size() >= Output.FLUSH_BYTES) {
                out.writeTo(transport());
                if (isFull()) {
                    return;
                }
            }
            if (sender == null) {
                phase = last ? Phase.CLOSING : Phase.HEAD;
                return;
            }
            try {
                if (sender.fill(out)) {
                    finishBody();
                }
            } catch (IOException e) {
                breakOff(e);
                return;
            }
        }
    }

    private boolean isFull() {
        return !transport().isWritable();
    }

    /// The answer is given away or given up, and with it the request and its body.
    private void finishBody() {
        closeReader();
        BodySender finished = sender;
        sender = null;
        if (finished != null) {
            try {
                finished.close();
            } catch (IOException e) {
                service.failed(finished.request(), e);
            }
        }
    }

    /// Ends the connection in the middle of a body: the peer sees that it is incomplete.
    private void breakOff(IOException cause) {
        service.failed(Objects.requireNonNull(sender).request(), cause);
        finishBody();
        phase = Phase.CLOSING;
        transport().abort();
    }

    /// Answers with an error, as the last answer.
    private void refuse(RejectedException e, Output out, long now) {
        String text = e.reason() + "\n";
        Response response = Response.text(e.status(), text);
        last = true;
        putHead(response, 1, out, now);
        if (!headOnly) {
            out.put(text.getBytes(UTF_8));
        }
        phase = Phase.CLOSING;
    }

    private void refuseNow(RejectedException e) {
        Output out = service.outputs().take();
        refuse(e, out, service.now());
        out.writeTo(transport());
        service.outputs().give(out);
        close();
    }

    /// Prepares for what comes next.
    private void settle(ByteBuffer input, boolean kept, long now) {
        if (phase == Phase.HEAD && isFull()) {
            phase = Phase.ANSWERING;
        }
        switch (phase) {
            case CLOSING -> {
                input.position(input.limit());
                close();
            }
            case ANSWERING -> {
                keep(input, kept);
                deadline().clear();
                paused = true;
                transport().pauseReading();
            }
            case HEAD, BODY -> {
                if (kept) {
                    keep(input, kept);
                }
                listen(now);
            }
        }
    }

    private void listen(long now) {
        boolean idle = phase == Phase.HEAD && !scanner.hasBegun();
        if (ended || (stopping && idle)) {
            close();
            return;
        }
        Wait next = idle ? Wait.NEXT_REQUEST : phase == Phase.BODY ? Wait.BODY : Wait.HEAD;
        if (idle || next != wait) {
            wait = next;
            deadline().set(now, service.nanos(next));
        }
        if (paused) {
            paused = false;
            transport().resumeReading();
        }
    }

    private void expired() {
        switch (phase) {
            case HEAD, BODY -> {
                if (phase == Phase.HEAD && !scanner.hasBegun()) {
                    close();
                } else {
                    refuseNow(
                            new RejectedException(
                                    Status.REQUEST_TIMEOUT, "the request took too long"));
                }
            }
            case ANSWERING, CLOSING -> {
                // It was cleared then.
            }
        }
    }

    private void close() {
        phase = Phase.CLOSING;
        release();
        transport().close();
    }

    private void release() {
        backlog = null;
        finishBody();
        deadline().cancel();
    }
}
