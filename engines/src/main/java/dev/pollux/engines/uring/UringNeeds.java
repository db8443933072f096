package dev.pollux.engines.uring;

import dev.pollux.libc.UringOperation;
import dev.pollux.libc.UringParams;
import dev.pollux.libc.UringProbe;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the `io_uring` model needs of a kernel. Without any of it the model is not available: there
/// is no second way inside.
public final class UringNeeds {
    private static final Set<UringOperation> OPERATIONS =
            EnumSet.of(
                    UringOperation.ACCEPT,
                    UringOperation.RECV,
                    UringOperation.SEND,
                    UringOperation.SENDMSG,
                    UringOperation.POLL_ADD,
                    UringOperation.SHUTDOWN,
                    UringOperation.ASYNC_CANCEL,
                    UringOperation.CLOSE,
                    UringOperation.CONNECT);

    private UringNeeds() {}

    /// {@return why this kernel does not do; empty when it does; tried, in about a millisecond}
    public static Optional<String> whyNot() {
        return whyNot(UringProbe.run());
    }

    static Optional<String> whyNot(UringProbe probe) {
        if (probe.whyNot().isPresent()) {
            return probe.whyNot();
        }
        return Optional.ofNullable(missing(probe)).map(what -> "io_uring lacks " + what);
    }

    private static @Nullable String missing(UringProbe probe) {
        if (!probe.acceptsSetup(UringParams.IORING_SETUP_DEFER_TASKRUN)) {
            return "DEFER_TASKRUN (Linux 6.1)";
        }
        if (!probe.acceptsSetup(Ring.SETUP) || !probe.hasFeatures(Ring.FEATURES)) {
            return "a setup flag or feature (Linux 6.1)";
        }
        if (!probe.bufferRings()) {
            return "buffers picked by the kernel (Linux 5.19)";
        }
        if (!probe.directDescriptors()) {
            return "direct descriptors picked by the kernel (Linux 6.0)";
        }
        for (UringOperation operation : OPERATIONS) {
            if (!probe.can(operation)) {
                return "the operation " + operation + " (Linux " + operation.since() + ")";
            }
        }
        return null;
    }
}
