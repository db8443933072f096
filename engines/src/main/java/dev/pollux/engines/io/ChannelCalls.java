package dev.pollux.engines.io;

import java.io.IOException;

/// Calls on the JDK's channels, which throw where the kernel returns an errno that nobody needs.
public final class ChannelCalls {
    /// One call.
    @FunctionalInterface
    public interface Call {
        /// Makes it.
        ///
        /// @throws IOException when it fails
        void run() throws IOException;
    }

    private ChannelCalls() {}

    /// Makes a call that fails only on a channel whose peer has reset it, or that is closed: there
    /// is nothing left to be done to it then. A close that fails has given the descriptor back all
    /// the same.
    ///
    /// @return whether it has not failed
    public static boolean attempt(Call call) {
        try {
            call.run();
            return true;
        } catch (IOException _) {
            return false; // Reset, or closed: see above.
        }
    }
}
