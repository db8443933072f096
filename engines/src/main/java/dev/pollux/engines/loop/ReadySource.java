package dev.pollux.engines.loop;

import dev.pollux.selectors.Selector;

/// Something that is reported as ready, and then served by its loop.
public interface ReadySource {
    /// Events after which the end of the input, or an error, may follow what can be received.
    int ENDING = Selector.READ_CLOSED | Selector.HANGUP | Selector.ERROR;

    /// Serves it.
    ///
    /// @param events the ready events, `Selector.READ` and the others
    void ready(int events);

    /// Serving it has thrown something: that is to cost nobody else.
    void failed(Throwable e);
}
