package dev.pollux.http;

/// The status codes of RFC 9110 and RFC 6585 that a server sends.
public enum Status {
    /// 200
    OK(200, "OK"),
    /// 201
    CREATED(201, "Created"),
    /// 202
    ACCEPTED(202, "Accepted"),
    /// 204
    NO_CONTENT(204, "No Content"),
    /// 206
    PARTIAL_CONTENT(206, "Partial Content"),
    /// 301
    MOVED_PERMANENTLY(301, "Moved Permanently"),
    /// 302
    FOUND(302, "Found"),
    /// 303
    SEE_OTHER(303, "See Other"),
    /// 304
    NOT_MODIFIED(304, "Not Modified"),
    /// 307
    TEMPORARY_REDIRECT(307, "Temporary Redirect"),
    /// 308
    PERMANENT_REDIRECT(308, "Permanent Redirect"),
    /// 400
    BAD_REQUEST(400, "Bad Request"),
    /// 401
    UNAUTHORIZED(401, "Unauthorized"),
    /// 403
    FORBIDDEN(403, "Forbidden"),
    /// 404
    NOT_FOUND(404, "Not Found"),
    /// 405
    METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
    /// 406
    NOT_ACCEPTABLE(406, "Not Acceptable"),
    /// 408
    REQUEST_TIMEOUT(408, "Request Timeout"),
    /// 409
    CONFLICT(409, "Conflict"),
    /// 410
    GONE(410, "Gone"),
    /// 411
    LENGTH_REQUIRED(411, "Length Required"),
    /// 412
    PRECONDITION_FAILED(412, "Precondition Failed"),
    /// 413
    CONTENT_TOO_LARGE(413, "Content Too Large"),
    /// 414
    URI_TOO_LONG(414, "URI Too Long"),
    /// 415
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type"),
    /// 416
    RANGE_NOT_SATISFIABLE(416, "Range Not Satisfiable"),
    /// 417
    EXPECTATION_FAILED(417, "Expectation Failed"),
    /// 421
    MISDIRECTED_REQUEST(421, "Misdirected Request"),
    /// 422
    UNPROCESSABLE_CONTENT(422, "Unprocessable Content"),
    /// 426
    UPGRADE_REQUIRED(426, "Upgrade Required"),
    /// 428
    PRECONDITION_REQUIRED(428, "Precondition Required"),
    /// 429
    TOO_MANY_REQUESTS(429, "Too Many Requests"),
    /// 431
    HEADERS_TOO_LARGE(431, "Request Header Fields Too Large"),
    /// 500
    INTERNAL_SERVER_ERROR(500, "Internal Server Error"),
    /// 501
    NOT_IMPLEMENTED(501, "Not Implemented"),
    /// 502
    BAD_GATEWAY(502, "Bad Gateway"),
    /// 503
    SERVICE_UNAVAILABLE(503, "Service Unavailable"),
    /// 504
    GATEWAY_TIMEOUT(504, "Gateway Timeout"),
    /// 505
    VERSION_NOT_SUPPORTED(505, "HTTP Version Not Supported");

    private final int code;
    private final String reason;

    Status(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    /// {@return the three digits}
    public int code() {
        return code;
    }

    /// {@return the reason phrase}
    public String reason() {
        return reason;
    }

    /// {@return whether a response of this status has no body and no `Content-Length`}
    boolean isBodiless() {
        return this == NO_CONTENT || this == NOT_MODIFIED;
    }

    @Override
    public String toString() {
        return code + " " + reason;
    }
}
