package dev.pollux.selectors;

import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.SelfTest;
import org.jspecify.annotations.Nullable;

/// Whether the C library can be called here, and its structures are laid out as [dev.pollux.libc]
/// has them.
///
/// Only what will not change is kept. A call that fails, as for want of descriptors, says nothing
/// about that, and is tried again the next time.
final class NativeAccess {
    private static final String RIGHT = "";

    /// [#RIGHT] or why not; null until it is known.
    private static volatile @Nullable String verdict;

    private NativeAccess() {}

    /// Asks, if nobody has found out yet.
    ///
    /// @throws UnsupportedOperationException if it cannot be used, with the reason in one line
    /// @throws ErrnoException if there is no telling now
    static void require() throws ErrnoException {
        String known = verdict;
        if (known == null) {
            known = ask();
            verdict = known;
        }
        if (!known.equals(RIGHT)) {
            throw new UnsupportedOperationException(known);
        }
    }

    private static String ask() throws ErrnoException {
        try {
            SelfTest.run();
            return RIGHT;
        } catch (IllegalStateException | UnsupportedOperationException e) {
            return String.valueOf(e.getMessage());
        } catch (IllegalCallerException | LinkageError e) {
            return whyNotLinked(e);
        }
    }

    /// The classes that link the C library fail to initialize for ever after they have failed once,
    /// and then no longer tell why.
    private static String whyNotLinked(Throwable thrown) {
        Module libc = SelfTest.class.getModule();
        if (libc.isNativeAccessEnabled()) {
            return "the C library cannot be linked: " + thrown;
        }
        String name = libc.isNamed() ? libc.getName() : "ALL-UNNAMED";
        return "native access is not enabled: start java with --enable-native-access=" + name;
    }
}
