package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/// A thread that may not have certain sockets, `seccomp(2)`: what `RestrictAddressFamilies=` of
/// systemd.exec(5) does to a whole process. The filter ends with the thread.
final class Sandbox {
    /// Forbids every family.
    static final int ALL = -1;

    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_SET_SECCOMP = 22;
    private static final int SECCOMP_MODE_FILTER = 2;
    private static final int LOAD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int ALLOW = 0x7fff_0000;
    private static final int FAIL = 0x0005_0000;

    /// Where `struct seccomp_data` has the number and the first argument of a call.
    private static final int NUMBER = 0;

    private static final int FIRST_ARGUMENT = 16;

    private Sandbox() {}

    /// What the work returns in a thread of its own, where sockets of a family are refused.
    static <R> R without(int family, Callable<R> work) throws Exception {
        var task =
                new FutureTask<R>(() -> {
                    forbid(family);
                    return work.call();
                });
        Thread.ofPlatform().name("sandbox").start(task).join();
        return task.get();
    }

    private static void forbid(int family) {
        boolean intel = Platform.current() == Platform.LINUX_X86_64;
        int socket = intel ? 41 : 198;
        int socketpair = intel ? 53 : 199;
        long[] program = {
            instruction(LOAD, 0, 0, NUMBER),
            instruction(JUMP_IF_EQUAL, 1, 0, socket),
            instruction(JUMP_IF_EQUAL, 0, 3, socketpair),
            instruction(LOAD, 0, 0, FIRST_ARGUMENT),
            instruction(JUMP_IF_EQUAL, 0, family == ALL ? 0 : 1, family),
            instruction(RETURN, 0, 0, FAIL | Errno.EAFNOSUPPORT),
            instruction(RETURN, 0, 0, ALLOW)
        };
        // struct sock_fprog { unsigned short len; struct sock_filter *filter; };
        long header = Memory.allocateZeroed(16 + (long) program.length * Long.BYTES);
        Memory.putShort(header, (short) program.length);
        Memory.putPointer(header + 8, header + 16);
        for (int i = 0; i < program.length; i++) {
            Memory.putLong(header + 16 + (long) i * Long.BYTES, program[i]);
        }
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header);
        Memory.free(header);
    }

    /// `struct sock_filter`: 16 bits of code, two jumps of 8 bits, and an operand.
    private static long instruction(int code, int ifTrue, int ifFalse, int operand) {
        return (long) operand << 32 | (long) ifFalse << 24 | (long) ifTrue << 16 | code;
    }

    // int prctl(int op, ...);                                                          prctl(2)
    private static void prctl(int option, long first, long second) {
        var state = SystemCalls.current().state;
        long result =
                Downcall.invoke(Downcall.link("prctl"), state, option, first, second, 0, 0, 0);
        assertThat((int) result).as("prctl %d", option).isZero();
    }
}
