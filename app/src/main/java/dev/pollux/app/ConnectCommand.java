package dev.pollux.app;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Sockets;
import dev.pollux.selectors.Selector;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pollux connect`: talk to a server from the terminal, or from a script.
@Command(
        name = "connect",
        description = "Talk to a server: what is typed goes there, what comes is shown.")
final class ConnectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "HOST", description = "The server's name or address.")
    private String host = "";

    @Parameters(paramLabel = "PORT", converter = Port.class, description = "The server's port.")
    private int port;

    @Option(
            names = "--raw",
            description =
                    "Let the server command the terminal: otherwise ESC is shown as ^[, and so on."
                            + " (Into a pipe or a file everything goes as it comes.)")
    private boolean raw;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (host.isBlank()) {
            // The JDK would take it for the loopback.
            throw new ParameterException(spec.commandLine(), "HOST is empty");
        }
        try (Selector<Void> selector = Selector.open()) {
            int socket = connect(selector);
            try {
                new Conversation(selector, socket, raw, this::note).run();
            } finally {
                Descriptors.close(socket);
            }
        }
        return 0;
    }

    private void note(String line) {
        spec.commandLine().getErr().println("pollux: " + line);
    }

    /// Tries the host's addresses in order.
    private int connect(Selector<Void> selector) throws IOException {
        int refused = 0;
        for (InetAddress address : addresses()) {
            int socket = connect(selector, address);
            if (socket >= 0) {
                return socket;
            }
            refused = -socket;
        }
        throw new IOException(
                "cannot connect to " + host + " port " + port + ": " + Errno.text(refused));
    }

    private InetAddress[] addresses() throws IOException {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new IOException("there is no host " + host, e);
        }
    }

    /// {@return a connected, non-blocking socket, or `-errno`}
    private int connect(Selector<Void> selector, InetAddress address) throws ErrnoException {
        int family = address instanceof Inet6Address ? Sockets.AF_INET6 : Sockets.AF_INET;
        int socket = Sockets.socket(family, Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK, 0);
        if (socket < 0) {
            return socket;
        }
        int result = Sockets.connect(socket, new InetSocketAddress(address, port));
        if (result == -Errno.EINPROGRESS) {
            selector.register(socket, Selector.WRITE);
            selector.select();
            selector.unregister(socket);
            result = Sockets.error(socket);
        }
        if (result < 0) {
            Descriptors.close(socket);
            return result;
        }
        return socket;
    }
}
