package dev.pollux.http;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A response as a client reads it, strictly.
///
/// @param code its status
/// @param head status line and fields
/// @param body its body, as Latin-1
record Answer(int code, String head, String body) {
    private static final Pattern HEAD =
            Pattern.compile("HTTP/1\\.1 (\\d{3}) [^\r\n]+\r\n((?:[!-9;-~]+: [^\r\n]*\r\n)*)\r\n");

    /// {@return the answers in a transcript, none of them to a HEAD request}
    static List<Answer> all(String transcript) {
        var answers = new ArrayList<Answer>();
        int at = 0;
        while (at < transcript.length()) {
            var matcher = HEAD.matcher(transcript).region(at, transcript.length());
            if (!matcher.lookingAt()) {
                throw new AssertionError("no answer: " + transcript.substring(at));
            }
            int code = Integer.parseInt(matcher.group(1));
            var head = new Answer(code, matcher.group(), "");
            String length = head.header("Content-Length");
            int end = matcher.end() + (length == null ? 0 : Integer.parseInt(length));
            if (end > transcript.length()) {
                throw new AssertionError("a body is incomplete: " + transcript.substring(at));
            }
            answers.add(
                    new Answer(code, matcher.group(), transcript.substring(matcher.end(), end)));
            at = end;
        }
        return answers;
    }

    /// {@return the only answer in a transcript}
    static Answer only(String transcript) {
        List<Answer> all = all(transcript);
        if (all.size() != 1) {
            throw new AssertionError(all.size() + " answers: " + transcript);
        }
        return all.getFirst();
    }

    @Nullable String header(String name) {
        int flags = Pattern.MULTILINE | Pattern.CASE_INSENSITIVE;
        var matcher = Pattern.compile("^" + name + ": ([^\r\n]*)", flags).matcher(head);
        return matcher.find() ? matcher.group(1) : null;
    }
}
