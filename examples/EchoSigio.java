/// UDP echo that a signal drives: the kernel sends SIGIO when a datagram has come.
///
/// Model: signal-driven I/O (UNP figure 6.4). After: course notes, the fourth model, and UNP's own
/// UDP echo server for it (chapter 25). A JVM has no handlers for SIGIO, so the signal is blocked
/// in this thread and taken from a queue, where UNP's handler does the reading.
import static dev.pollux.libc.Descriptors.F_SETFL;
import static dev.pollux.libc.Descriptors.O_ASYNC;
import static dev.pollux.libc.Descriptors.O_NONBLOCK;
import static dev.pollux.libc.SignalCalls.SIGIO;

import dev.pollux.descriptors.DatagramSocket;
import dev.pollux.descriptors.Select;
import dev.pollux.descriptors.SignalFd;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.SignalCalls;

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 9877;
    var signals = SignalFd.open(SIGIO);
    var socket = DatagramSocket.open(new InetSocketAddress("127.0.0.1", port));
    IO.println("listening on " + socket.localAddress());
    int fd = socket.fd();
    ErrnoException.check(SignalCalls.setOwner(fd, SignalCalls.gettid()), "F_SETOWN_EX", fd);
    ErrnoException.check(Descriptors.fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK), "F_SETFL", fd);
    while (true) {
        int echoed = echoAll(socket); // First, as what has come before sends no signal.
        IO.println("echoed " + echoed + ", and sleeping until SIGIO");
        Select.select(List.of(signals), List.of(), List.of(), null);
        signals.take(); // Several that come together are one.
    }
}

int echoAll(DatagramSocket socket) throws IOException {
    var data = ByteBuffer.allocate(65536);
    int echoed = 0;
    while (socket.receive(data.clear()) instanceof InetSocketAddress peer) { // null: no more
        socket.send(data.flip(), peer);
        echoed++;
    }
    return echoed;
}
