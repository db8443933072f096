package dev.pollux.libc;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What one thread has asked of the kernel through this package: a counter per [Call].
///
/// The owner counts with a plain increment; any thread may read, and sees a value that is whole and
/// at most a moment old. Calls made by the JVM itself are not seen here.
public final class SystemCalls {
    private static final ThreadLocal<SystemCalls> CURRENT =
            ThreadLocal.withInitial(SystemCalls::new);
    private static final Call[] CALLS = Call.values();
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long ERRNO_OFFSET =
            Linker.Option.captureStateLayout().byteOffset(groupElement("errno"));

    /// The offsets of the scratch structures, behind the captured errno. Each call fills what it
    /// needs just before, and takes what it wants right after.
    static final int TIMESPEC = 64;

    static final int OPTION = 80;
    static final int LENGTH = 88;
    static final int OFFSET = 96;
    static final int PAIR = 104;
    static final int RLIMIT = 112;
    static final int MESSAGE = 128;
    static final int EVENT = 184;
    static final int GETEVENTS = 200;
    static final int ADDRESS = 256;
    private static final int SCRATCH_BYTES = ADDRESS + SocketAddresses.BYTES;

    /// How often each call was made, by [Call#slot]. Written by the owner alone.
    final long[] counts = new long[CALLS.length];

    /// Where the linker leaves errno, first in the scratch memory. Owned by this thread.
    final MemorySegment state = Arena.ofAuto().allocate(SCRATCH_BYTES, 64);

    private final long scratch = state.address();

    private SystemCalls() {}

    /// {@return the counters of the calling thread}
    public static SystemCalls current() {
        return CURRENT.get();
    }

    /// {@return how often the owner has made a call}
    ///
    /// @param call which one
    public long count(Call call) {
        return (long) COUNT.getOpaque(counts, call.slot());
    }

    /// {@return how often the owner has made any call}
    public long total() {
        long total = 0;
        for (Call call : CALLS) {
            total += count(call);
        }
        return total;
    }

    /// {@return the counters above zero by the name of the C function, in the order of the names}
    public Map<String, Long> snapshot() {
        var snapshot = new TreeMap<String, Long>();
        for (Call call : CALLS) {
            long count = count(call);
            if (count > 0) {
                snapshot.put(call.symbol(), count);
            }
        }
        return Collections.unmodifiableMap(snapshot);
    }

    /// {@return the errno that the last failed call of this thread has left}
    int errno() {
        return Memory.getInt(scratch + ERRNO_OFFSET);
    }

    /// Leaves an errno as the linker would.
    static void leaveErrno(MemorySegment state, int errno) {
        state.set(ValueLayout.JAVA_INT, ERRNO_OFFSET, errno);
    }

    /// {@return the address of one of the scratch structures of this thread}
    long scratch(int offset) {
        return scratch + offset;
    }

    /// Fills the scratch `struct timespec { time_t tv_sec; long tv_nsec; }`: the kernel may
    /// overwrite it.
    ///
    /// @return its address, or 0 (a null pointer: for ever) for a negative time
    long timespec(long nanos) {
        if (nanos < 0) {
            return 0;
        }
        long address = scratch + TIMESPEC;
        Memory.putLong(address, nanos / 1_000_000_000L);
        Memory.putLong(address + 8, nanos % 1_000_000_000L);
        return address;
    }

    /// Turns nanoseconds into the milliseconds of the older calls: rounded up, so that no wait ends
    /// early.
    ///
    /// @return -1 (for ever) for a negative time, and at most the 24.8 days that an `int` holds
    static int millisRoundedUp(long nanos) {
        if (nanos < 0) {
            return -1;
        }
        long millis = nanos / 1_000_000L + (nanos % 1_000_000L == 0 ? 0 : 1);
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }
}
