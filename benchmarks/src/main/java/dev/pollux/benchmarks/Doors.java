package dev.pollux.benchmarks;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// What every peer server does at its start in the same way.
final class Doors {
    /// As many connections may wait to be accepted; the same for every server measured.
    static final int BACKLOG = 4096;

    private Doors() {}

    /// {@return the loopback address with the port named first, or a free port when none is}
    ///
    /// @param arguments the command line
    static InetSocketAddress address(String[] arguments) {
        int port = arguments.length == 0 ? 0 : Integer.parseInt(arguments[arguments.length - 1]);
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    /// Says on standard output that the server is ready.
    ///
    /// @param port where it listens
    static void announce(int port) {
        System.out.println("listening echo 127.0.0.1:" + port);
    }
}
