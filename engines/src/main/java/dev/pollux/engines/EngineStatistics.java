package dev.pollux.engines;

import java.util.Map;

/// What an engine has done since it was opened; a snapshot.
///
/// @param open connections open now
/// @param accepted connections accepted
/// @param refused connections closed at once because there was no descriptor for them, or in the
///   blocking models no thread
/// @param disconnectedSlow connections cut off because their peer did not read
/// @param disconnectedOverBudget connections cut off because all together held too much, and they
///   the most
/// @param turns turns of all loops; returns from accepts and receives where there are none
/// @param events ready events handled
/// @param bytesReceived bytes received
/// @param bytesSent bytes taken by the kernel
/// @param heldBytes memory that the connections hold now, see [Limits#memoryBytesMax()]
/// @param overflows how often the kernel had no room left to say what is ready, so that everything
///   was asked for; only `sigio` loses anything so
/// @param waiting connections accepted that wait for a thread to serve them; 0 where none is needed
/// @param systemCalls system calls by name, of the engine's own threads
public record EngineStatistics(
        long open,
        long accepted,
        long refused,
        long disconnectedSlow,
        long disconnectedOverBudget,
        long turns,
        long events,
        long bytesReceived,
        long bytesSent,
        long heldBytes,
        long overflows,
        long waiting,
        Map<String, Long> systemCalls) {}
