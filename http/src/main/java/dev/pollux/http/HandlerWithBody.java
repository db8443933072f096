package dev.pollux.http;

/// A handler that wants the bodies of requests.
///
/// @param handler what answers
record HandlerWithBody(Handler handler) implements Handler {
    @Override
    public boolean wantsBody(Request head) {
        return true;
    }

    @Override
    public Response handle(Request request) throws Exception {
        return handler.handle(request);
    }
}
