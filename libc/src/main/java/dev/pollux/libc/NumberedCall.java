package dev.pollux.libc;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// One system call of Linux that the C library has no function for, made by its number. Kept in a
/// `static final` field, like a [Downcall].
///
/// ```
/// long syscall(long number, ...);                                                   syscall(2)
/// ```
///
/// @param handle takes the segment for errno, the number, then six arguments
/// @param number the same on x86-64 and aarch64 for every call since Linux 5.1
/// @param counter the place in [SystemCalls#counts]
record NumberedCall(MethodHandle handle, long number, int counter) {
    /// Links a call, which may block.
    static NumberedCall of(Call call, long number) {
        return new NumberedCall(Downcall.linkSyscall(), number, call.slot());
    }

    /// {@return the result, or `-errno`; `-ENOSYS` where the kernel is not Linux}
    int call(long a, long b, long c, long d, long e, long f) {
        SystemCalls calls = SystemCalls.current();
        calls.counts[counter]++;
        int result = (int) invoke(calls.state, a, b, c, d, e, f);
        return result >= 0 ? result : -calls.errno();
    }

    private long invoke(MemorySegment state, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) handle.invokeExact(state, number, a, b, c, d, e, f);
        } catch (RuntimeException | Error e1) {
            throw e1;
        } catch (Throwable t) {
            throw new AssertionError("a downcall declares no checked exception", t);
        }
    }
}
