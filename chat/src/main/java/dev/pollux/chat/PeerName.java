package dev.pollux.chat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// How a peer is called before it has chosen a name: `127.0.0.1:54321`, `[::1]:54321`. The
/// addresses that we listen on are written so, too.
public final class PeerName {
    private static final int GROUPS = 8;

    private PeerName() {}

    /// {@return the peer's name} A Unix domain peer, which has none, is called `local`.
    ///
    /// @param peer its address
    public static String of(SocketAddress peer) {
        if (!(peer instanceof InetSocketAddress inet)) {
            return "local";
        }
        var host = host(inet.getAddress());
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
    }

    /// {@return an address in its shortest form: `127.0.0.1`, `::1`}
    ///
    /// @param address of a peer, or of ours
    public static String host(InetAddress address) {
        return address instanceof Inet6Address six
                ? compress(six.getAddress())
                : address.getHostAddress();
    }

    /// RFC 5952: the longest run of two or more zero groups, the first of equals, becomes `::`.
    private static String compress(byte[] address) {
        int longestAt = -1;
        int longest = 1;
        for (int at = 0; at < GROUPS; at++) {
            int run = zeroRun(address, at);
            if (run > longest) {
                longest = run;
                longestAt = at;
            }
        }
        var text = new StringBuilder();
        for (int at = 0; at < GROUPS; at++) {
            if (at == longestAt) {
                text.append("::");
                at += longest - 1;
            } else {
                boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(first ? "" : ":").append(Integer.toHexString(group(address, at)));
            }
        }
        return text.toString();
    }

    private static int zeroRun(byte[] address, int from) {
        int at = from;
        while (at < GROUPS && group(address, at) == 0) {
            at++;
        }
        return at - from;
    }

    private static int group(byte[] address, int at) {
        return ((address[2 * at] & 0xFF) << 8) | (address[2 * at + 1] & 0xFF);
    }
}
