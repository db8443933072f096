/// Echo in capitals on io_uring: the kernel copies, and tells when it has.
///
/// Model: asynchronous I/O (UNP figure 6.5). After: course notes, the fifth model, for which they
/// have no program. The engine owns the rings; any other model of `IoModel` runs the same protocol.
import dev.pollux.engines.Limits;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.Transport;
import dev.pollux.engines.models.IoModel;

void main(String[] args) throws Exception {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
    try (var engine = IoModel.IO_URING.open(Limits.DEFAULT)) {
        var server = engine.listen(new InetSocketAddress("127.0.0.1", port), Echo::new);
        IO.println("listening on " + server.address());
        engine.awaitStop();
    }
}

final class Echo implements Protocol {
    private Transport transport;

    @Override
    public void connected(Transport transport) {
        this.transport = transport;
    }

    @Override
    public void received(ByteBuffer data) { // It has come already: nobody asks for it.
        var answer = ByteBuffer.allocate(data.remaining());
        while (data.hasRemaining()) {
            byte b = data.get();
            answer.put(b >= 'a' && b <= 'z' ? (byte) (b - 'a' + 'A') : b);
        }
        transport.write(answer.flip());
        if (!transport.isWritable()) { // Who does not take the answers is not read from.
            transport.pauseReading();
        }
    }

    @Override
    public void writable() {
        transport.resumeReading();
    }
}
