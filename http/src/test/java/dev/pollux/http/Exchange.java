package dev.pollux.http;

import java.util.List;

/// Bytes that a peer sends, and what it must get.
///
/// @param name what is odd about them
/// @param bytes what is sent, as Latin-1
/// @param codes the statuses of the answers, in order
/// @param bodies what [Services#ECHO] says in those that are 200
/// @param closed whether the connection ends with them
record Exchange(
        String name, String bytes, List<Integer> codes, List<String> bodies, boolean closed) {
    /// A request that is refused, after which the connection is closed.
    static Exchange refused(int code, String name, String bytes) {
        return new Exchange(name, bytes, List.of(code), List.of(), true);
    }

    /// Requests that are answered, after which the connection stays open.
    static Exchange served(String name, String bytes, String... bodies) {
        List<Integer> codes = List.of(bodies).stream().map(_ -> 200).toList();
        return new Exchange(name, bytes, codes, List.of(bodies), false);
    }

    /// A request that is answered, after which the connection is closed.
    static Exchange servedLast(String name, String bytes, String body) {
        return new Exchange(name, bytes, List.of(200), List.of(body), true);
    }

    /// {@return a GET request with these field lines in place of the usual ones}
    static String get(String... fields) {
        return request("GET / HTTP/1.1", fields);
    }

    /// {@return a request with these field lines, and a Host}
    static String request(String line, String... fields) {
        var text = new StringBuilder(line).append("\r\nHost: x\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    @Override
    public String toString() {
        return name;
    }
}
