package dev.pollux.selectors;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import dev.pollux.libc.Errno;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.Map;

/// What is called in the place of the C library's functions, in a JVM that was made so
/// ([Substitution]): the calls by which selectors wait go to the kernel of the simulation that is
/// running, memory is the real one and is counted, and everything else is an error.
public final class SimulatedCalls {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final long ERRNO_OFFSET =
            Linker.Option.captureStateLayout().byteOffset(groupElement("errno"));

    /// What runs.
    static SimulatedKernel kernel;

    static Baton baton;

    /// Memory that was not given back, by address.
    private static final Map<Long, Long> ALLOCATED = new HashMap<>();

    private SimulatedCalls() {}

    /// Called by the linker of the code under test.
    ///
    /// @param symbol the function
    /// @param real the machine's
    /// @return what to call
    public static MethodHandle link(String symbol, MethodHandle real) {
        try {
            return switch (symbol) {
                case "malloc", "calloc", "mmap" -> around("allocate", real);
                case "free", "munmap" -> around("free", real);
                case "memcpy", "memmove", "memset", "memcmp", "syscall" -> real;
                default -> simulated(symbol);
            };
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(symbol, e);
        }
    }

    private static final MethodType SHAPE =
            MethodType.methodType(
                    long.class,
                    MemorySegment.class,
                    long.class,
                    long.class,
                    long.class,
                    long.class,
                    long.class,
                    long.class);

    private static MethodHandle around(String name, MethodHandle real)
            throws ReflectiveOperationException {
        MethodType type = SHAPE.insertParameterTypes(0, MethodHandle.class);
        return LOOKUP.findStatic(SimulatedCalls.class, name, type).bindTo(real);
    }

    private static MethodHandle simulated(String symbol) throws ReflectiveOperationException {
        MethodType type = SHAPE.insertParameterTypes(0, String.class);
        return LOOKUP.findStatic(SimulatedCalls.class, "call", type).bindTo(symbol);
    }

    /// {@return the simulated time}
    public static long nanoTime() {
        return baton.nanoTime();
    }

    /// {@return how many pieces of memory were not given back}
    static int allocated() {
        return ALLOCATED.size();
    }

    static long allocate(
            MethodHandle real, MemorySegment state, long a, long b, long c, long d, long e, long f)
            throws Throwable {
        boolean maps = c != 0;
        if (kernel.isShortOfMemory()) {
            state.set(ValueLayout.JAVA_INT, ERRNO_OFFSET, Errno.ENOMEM);
            return maps ? -1 : 0;
        }
        long address = (long) real.invokeExact(state, a, b, c, d, e, f);
        ALLOCATED.put(address, maps ? b : 0);
        return address;
    }

    static long free(
            MethodHandle real, MemorySegment state, long a, long b, long c, long d, long e, long f)
            throws Throwable {
        if (a != 0 && ALLOCATED.remove(a) == null) {
            baton.end(new Violation("memory is given back that is not there"));
        }
        return (long) real.invokeExact(state, a, b, c, d, e, f);
    }

    static long call(
            String symbol, MemorySegment state, long a, long b, long c, long d, long e, long f) {
        long result = call(symbol, a, b, c, d, e, f);
        if (result >= 0) {
            return result;
        }
        state.set(ValueLayout.JAVA_INT, ERRNO_OFFSET, (int) -result);
        return -1;
    }

    private static long call(String symbol, long a, long b, long c, long d, long e, long f) {
        int first = (int) a;
        int second = (int) b;
        int third = (int) c;
        return switch (symbol) {
            case "epoll_create1" -> kernel.epoll.create();
            case "epoll_ctl" -> kernel.epoll.ctl(first, second, third, d);
            case "epoll_wait" ->
                    kernel.epoll.await(first, b, third, SimulatedKernel.millis((int) d));
            case "epoll_pwait2" -> kernel.epoll.await(first, b, third, SimulatedKernel.nanos(d));
            case "ppoll" -> kernel.polls.ppoll(a, second, SimulatedKernel.nanos(c));
            case "pselect" -> kernel.polls.pselect(first, b, c, d, SimulatedKernel.nanos(e));
            case "eventfd" -> kernel.eventfd(first);
            case "read" -> kernel.read(first, b, third);
            case "write" -> kernel.write(first, b);
            case "close" -> kernel.closeOfSelector(first);
            case "fcntl" -> kernel.fcntl.fcntl(first, second, c);
            case "getsockopt" -> kernel.fcntl.getsockopt(first, d);
            case "fstat" -> kernel.fcntl.fstat(first, b);
            case "getrlimit" -> kernel.fcntl.getrlimit(b);
            case "signalfd" -> kernel.signalfd();
            case "sigtimedwait" -> kernel.sigtimedwait(b, SimulatedKernel.nanos(c));
            case "tgkill" -> kernel.tgkill(second);
            case "gettid" -> SimulatedKernel.TID;
            case "__libc_current_sigrtmin" -> SimulatedSignals.RT_MIN;
            case "sigaction", "pthread_sigmask", "getpid" -> 0;
            default -> throw new AssertionError("not simulated: " + symbol + f);
        };
    }
}
