package dev.pollux.http;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/// What tells one version of a file from another (RFC 9110, section 8.8), and whether a client
/// already has it (section 13).
///
/// The tag is a weak one: a file that is written twice within its clock's resolution keeps it.
///
/// @param etag the entity tag, quotes and all
/// @param modified when the file was changed, in whole seconds
record Validators(String etag, Instant modified) {
    /// {@return the validators of a file}
    ///
    /// @param size its bytes
    /// @param modified when it was changed
    static Validators of(long size, Instant modified) {
        long nanos = TimeUnit.SECONDS.toNanos(modified.getEpochSecond()) + modified.getNano();
        String tag = Long.toHexString(nanos) + "-" + Long.toHexString(size);
        return new Validators("W/\"" + tag + "\"", modified.truncatedTo(ChronoUnit.SECONDS));
    }

    /// {@return whether the client asks for another version only: the answer is 412} A weak tag is
    /// never the one that `If-Match` names.
    boolean areRefusedBy(Request request) {
        if (request.headers().contains("If-Match")) {
            return !request.headers().all("If-Match").contains("*");
        }
        String since = request.header("If-Unmodified-Since");
        Instant date = since == null ? null : HttpDate.parse(since);
        return date != null && modified.isAfter(date);
    }

    /// {@return whether the client's copy is still good: the answer is 304} To be asked for GET and
    /// HEAD only.
    boolean areKnownTo(Request request) {
        if (request.headers().contains("If-None-Match")) {
            return request.headers().all("If-None-Match").stream().anyMatch(this::matches);
        }
        String since = request.header("If-Modified-Since");
        Instant date = since == null ? null : HttpDate.parse(since);
        return date != null && !modified.isAfter(date);
    }

    /// {@return whether the part of the file that a client asks for belongs to the same version as
    /// what it has} A weak tag never says so, a date only when the file has rested since.
    ///
    /// @param request what has perhaps an `If-Range` field
    /// @param now the time of day
    boolean allowPart(Request request, Instant now) {
        String condition = request.header("If-Range");
        return condition == null
                || (modified.equals(HttpDate.parse(condition))
                        && modified.plusSeconds(1).isBefore(now));
    }

    /// {@return whether a list of tags names this one, weakly compared; `*` names all}
    private boolean matches(String tags) {
        if (tags.equals("*")) {
            return true;
        }
        String opaque = opaque(etag);
        int at = 0;
        while (at < tags.length()) {
            int open = tags.indexOf('"', at);
            int close = open < 0 ? -1 : tags.indexOf('"', open + 1);
            if (close < 0) {
                return false;
            }
            if (tags.substring(open, close + 1).equals(opaque)) {
                return true;
            }
            at = close + 1;
        }
        return false;
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    /// {@return the response with these validators in its header}
    Response in(Response response) {
        return response.withHeader("ETag", etag)
                .withHeader("Last-Modified", HttpDate.format(modified));
    }
}
