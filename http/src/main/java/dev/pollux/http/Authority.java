package dev.pollux.http;

/// The grammar of `host [ ":" port ]` (RFC 3986, section 3.2, without user information).
final class Authority {
    private Authority() {}

    /// {@return whether the bytes are a host with an optional port}
    static boolean isValid(byte[] bytes, int from, int to) {
        int end = hostEnd(bytes, from, to);
        return end > from && (end == to || isPort(bytes, end, to));
    }

    /// {@return whether the bytes are a host with a port, as CONNECT wants it}
    static boolean isValidWithPort(byte[] bytes, int from, int to) {
        int end = hostEnd(bytes, from, to);
        return end > from && end + 1 < to && isPort(bytes, end, to);
    }

    /// {@return the end of the host; `from` when there is none or it is malformed}
    private static int hostEnd(byte[] bytes, int from, int to) {
        if (from < to && bytes[from] == '[') {
            int close = from + 1;
            while (close < to && bytes[close] != ']') {
                close++;
            }
            return close < to && isIpv6(bytes, from + 1, close) ? close + 1 : from;
        }
        int i = from;
        while (i < to && bytes[i] != ':') {
            if (bytes[i] == '%') {
                if (i + 2 >= to || Grammar.hex(bytes[i + 1]) < 0 || Grammar.hex(bytes[i + 2]) < 0) {
                    return from;
                }
                i += 3;
            } else if (Grammar.is(Grammar.HOST, bytes[i])) {
                i++;
            } else {
                return from;
            }
        }
        return i;
    }

    /// A colon, then digits up to 65,535; no digits at all mean the default port.
    private static boolean isPort(byte[] bytes, int colon, int to) {
        if (bytes[colon] != ':') {
            return false;
        }
        int port = 0;
        for (int i = colon + 1; i < to; i++) {
            if (!Grammar.isDigit(bytes[i])) {
                return false;
            }
            port = port * 10 + bytes[i] - '0';
            if (port > 65_535) {
                return false;
            }
        }
        return true;
    }

    /// Up to eight groups of hexadecimal digits, at most one gap `::`, and perhaps an IPv4 address
    /// in place of the last two groups.
    private static boolean isIpv6(byte[] bytes, int from, int to) {
        int groups = 0;
        boolean gap = false;
        int i = from;
        if (startsWithGap(bytes, i, to)) {
            gap = true;
            i += 2;
        }
        while (i < to) {
            int end = i;
            while (end < to && Grammar.hex(bytes[end]) >= 0) {
                end++;
            }
            if (end < to && bytes[end] == '.') {
                groups += 2;
                return isIpv4(bytes, i, to) && (gap ? groups <= 7 : groups == 8);
            }
            if (end == i || end - i > 4) {
                return false;
            }
            groups++;
            i = end;
            if (i == to) {
                break;
            }
            if (startsWithGap(bytes, i, to)) {
                if (gap) {
                    return false;
                }
                gap = true;
                i += 2;
            } else if (bytes[i] == ':' && i + 1 < to) {
                i++;
            } else {
                return false;
            }
        }
        return gap ? groups <= 7 : groups == 8;
    }

    private static boolean startsWithGap(byte[] bytes, int i, int to) {
        return i + 1 < to && bytes[i] == ':' && bytes[i + 1] == ':';
    }

    private static boolean isIpv4(byte[] bytes, int from, int to) {
        int i = from;
        for (int part = 0; part < 4; part++) {
            int end = i;
            int value = 0;
            while (end < to && end - i < 3 && Grammar.isDigit(bytes[end])) {
                value = value * 10 + bytes[end] - '0';
                end++;
            }
            boolean leadingZero = end - i > 1 && bytes[i] == '0';
            if (end == i || leadingZero || value > 255) {
                return false;
            }
            boolean last = part == 3;
            if (last) {
                return end == to;
            }
            if (end == to || bytes[end] != '.') {
                return false;
            }
            i = end + 1;
        }
        return false;
    }
}
