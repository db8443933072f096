package dev.pollux.libc;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.Optional;

/// One linked C function. Kept in a `static final` field, so that the compiler sees a constant.
///
/// **Every function is called as `long f(long, long, long, long, long, long)`.** On all four
/// platforms the first six integer or pointer arguments travel in registers, a callee reads only
/// the registers and the halves of them that it declares, and the caller cleans up: surplus
/// arguments are not seen. What this buys is start-up time: the JVM spins code per *signature*,
/// which costs 4 to 30 ms each, while one more function of a known signature costs 0.2 ms. A
/// function that returns `int` leaves the upper half of the register undefined, so [#call] and
/// [#callLong] differ in what they keep.
///
/// The exception are variadic functions on macOS aarch64, whose variable arguments are passed in
/// memory.
///
/// @param handle takes the segment for errno, then six arguments
/// @param counter the place in [SystemCalls#counts]
record Downcall(MethodHandle handle, int counter) {
    private static final int ARGUMENTS = 6;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final FunctionDescriptor SHAPE = shape(ARGUMENTS);

    /// The one wider shape: `syscall(2)` takes the number and six arguments.
    private static final FunctionDescriptor WIDE = shape(ARGUMENTS + 1);

    /// Links a function that may block.
    static Downcall of(Call call) {
        return new Downcall(link(call.symbol()), call.slot());
    }

    /// Links a function that never blocks: without a safepoint transition, so that a call that did
    /// block would hold up the garbage collector and with it every thread.
    static Downcall nonBlocking(Call call) {
        return new Downcall(link(call.symbol(), Linker.Option.critical(false)), call.slot());
    }

    /// Links a function under another name than the one it is counted by.
    static Downcall of(Call call, String symbol) {
        return new Downcall(link(symbol), call.slot());
    }

    /// Links a variadic function that takes one variable argument, as `fcntl` does.
    ///
    /// @param named how many arguments stand before the `...`
    static Downcall variadic(Call call, int named) {
        if (Platform.current() != Platform.MACOS_AARCH64) {
            return of(call);
        }
        return new Downcall(linkVariadic(call.symbol(), named), call.slot());
    }

    /// Links with the convention for variable arguments, and drops the arguments behind the first
    /// one.
    static MethodHandle linkVariadic(String symbol, int named) {
        MethodHandle narrow = link(symbol, shape(named + 1), Linker.Option.firstVariadicArg(named));
        Class<?>[] surplus = new Class<?>[ARGUMENTS - (named + 1)];
        Arrays.fill(surplus, long.class);
        return MethodHandles.dropArguments(narrow, named + 2, surplus);
    }

    /// Links a function of the library that is no system call, to be called through [#handle].
    static MethodHandle link(String symbol, Linker.Option... options) {
        return link(symbol, SHAPE, options);
    }

    /// Links `syscall(2)`, for [NumberedCall]. The number means something else on macOS, where it
    /// fails instead.
    static MethodHandle linkSyscall() {
        return Platform.current().isLinux() ? link("syscall", WIDE) : missing(WIDE);
    }

    /// {@return whether this C library has the function}
    static boolean exists(String symbol) {
        return LINKER.defaultLookup().find(symbol).isPresent();
    }

    /// Calls a function that returns `int`.
    ///
    /// Nothing stands between this and the handle, and what is called per message comes here with
    /// all six arguments: the JVM inlines 15 calls deep, and where that ends inside the linker's
    /// own code, each call allocates a slice of the errno segment.
    ///
    /// @return its result, or `-errno` for a negative one
    int call(long a, long b, long c, long d, long e, long f) {
        SystemCalls calls = SystemCalls.current();
        calls.counts[counter]++;
        int result;
        try {
            result = (int) (long) handle.invokeExact(calls.state, a, b, c, d, e, f);
        } catch (Throwable t) {
            throw unexpected(t);
        }
        return result >= 0 ? result : -calls.errno();
    }

    /// Calls a function that returns `long`, `ssize_t` or a pointer.
    ///
    /// @return its result, or `-errno` for a negative one
    long callLong(long a, long b, long c, long d, long e, long f) {
        SystemCalls calls = SystemCalls.current();
        calls.counts[counter]++;
        long result;
        try {
            result = (long) handle.invokeExact(calls.state, a, b, c, d, e, f);
        } catch (Throwable t) {
            throw unexpected(t);
        }
        return result >= 0 ? result : -calls.errno();
    }

    /// A downcall declares no checked exception.
    private static RuntimeException unexpected(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> throw new AssertionError("not declared by a downcall", thrown);
        };
    }

    int call(long a) {
        return call(a, 0, 0, 0, 0, 0);
    }

    int call(long a, long b) {
        return call(a, b, 0, 0, 0, 0);
    }

    int call(long a, long b, long c) {
        return call(a, b, c, 0, 0, 0);
    }

    int call(long a, long b, long c, long d) {
        return call(a, b, c, d, 0, 0);
    }

    int call(long a, long b, long c, long d, long e) {
        return call(a, b, c, d, e, 0);
    }

    /// Calls through any handle of the common shape.
    static long invoke(
            MethodHandle handle,
            MemorySegment state,
            long a,
            long b,
            long c,
            long d,
            long e,
            long f) {
        try {
            return (long) handle.invokeExact(state, a, b, c, d, e, f);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(
            String symbol, FunctionDescriptor shape, Linker.Option... options) {
        Optional<MemorySegment> function = LINKER.defaultLookup().find(symbol);
        if (function.isEmpty()) {
            return missing(shape);
        }
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = ERRNO;
        return LINKER.downcallHandle(function.get(), shape, all);
    }

    private static FunctionDescriptor shape(int arguments) {
        var longs = new MemoryLayout[arguments];
        Arrays.fill(longs, JAVA_LONG);
        return FunctionDescriptor.of(JAVA_LONG, longs);
    }

    /// A handle for a function that this C library lacks.
    private static MethodHandle missing(FunctionDescriptor shape) {
        try {
            MethodHandle handle =
                    MethodHandles.lookup()
                            .findStatic(
                                    Downcall.class,
                                    "failWithEnosys",
                                    MethodType.methodType(long.class, MemorySegment.class));
            return MethodHandles.dropArguments(handle, 1, shape.toMethodType().parameterArray());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the method below", e);
        }
    }

    @SuppressWarnings("UnusedMethod") // Found by name, above.
    private static long failWithEnosys(MemorySegment state) {
        SystemCalls.leaveErrno(state, Errno.ENOSYS);
        return -1;
    }
}
