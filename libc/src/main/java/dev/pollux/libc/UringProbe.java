package dev.pollux.libc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What io_uring can do here, found by trying: the version of a kernel does not tell, as
/// distributions carry changes back, administrators switch it off and containers forbid it.
///
/// @param errno why no ring could be opened and used, or 0
/// @param disabled the setting `kernel.io_uring_disabled`: 0 for all may, 1 for some, 2 for nobody,
///   -1 where there is no such setting
/// @param features `IORING_FEAT_...` of [UringParams]
/// @param setupFlags the `IORING_SETUP_...` of [UringParams] that were accepted
/// @param operations what a request may be
/// @param bufferRings whether the kernel can pick buffers from a [BufferRing]
/// @param incrementalBuffers whether it can fill them piece by piece
/// @param directDescriptors whether there can be a table of direct descriptors of which the kernel
///   picks free ones
public record UringProbe(
        int errno,
        int disabled,
        int features,
        int setupFlags,
        Set<UringOperation> operations,
        boolean bufferRings,
        boolean incrementalBuffers,
        boolean directDescriptors) {
    private static final Path DISABLED = Path.of("/proc/sys/kernel/io_uring_disabled");
    private static final int ENTRIES = 2;
    private static final int SLOTS = 2;

    // struct io_uring_probe {   offset      struct io_uring_probe_op {   offset
    //   __u8 last_op;                0        __u8 op;                        0
    //   __u8 ops_len;                1        __u8 resv;                      1
    //   __u16 resv;                  2        __u16 flags;                    2
    //   __u32 resv2[3];              4        __u32 resv2; };                 4
    //   struct io_uring_probe_op; };16
    private static final int PROBE_OPERATIONS = 256;
    private static final int PROBE_LENGTH = 1;
    private static final int PROBE_HEAD_BYTES = 16;
    private static final int PROBE_OP_BYTES = 8;
    private static final int PROBE_OP_FLAGS = 2;
    private static final int IO_URING_OP_SUPPORTED = 1;

    /// Copies what was given.
    public UringProbe {
        operations = Set.copyOf(operations);
    }

    /// A flag or feature, by name.
    private record Named(int bit, int with, String name, String since) {
        Named(int bit, String name, String since) {
            this(bit, 0, name, since);
        }
    }

    private static final List<Named> SETUP =
            List.of(
                    new Named(UringParams.IORING_SETUP_CQSIZE, "CQSIZE", "5.5"),
                    new Named(UringParams.IORING_SETUP_CLAMP, "CLAMP", "5.6"),
                    new Named(UringParams.IORING_SETUP_R_DISABLED, "R_DISABLED", "5.10"),
                    new Named(UringParams.IORING_SETUP_SUBMIT_ALL, "SUBMIT_ALL", "5.18"),
                    new Named(UringParams.IORING_SETUP_COOP_TASKRUN, "COOP_TASKRUN", "5.19"),
                    new Named(
                            UringParams.IORING_SETUP_TASKRUN_FLAG,
                            UringParams.IORING_SETUP_COOP_TASKRUN,
                            "TASKRUN_FLAG",
                            "5.19"),
                    new Named(UringParams.IORING_SETUP_SINGLE_ISSUER, "SINGLE_ISSUER", "6.0"),
                    new Named(
                            UringParams.IORING_SETUP_DEFER_TASKRUN,
                            UringParams.IORING_SETUP_SINGLE_ISSUER,
                            "DEFER_TASKRUN",
                            "6.1"),
                    new Named(UringParams.IORING_SETUP_NO_SQARRAY, "NO_SQARRAY", "6.6"));

    private static final List<Named> FEATURES =
            List.of(
                    new Named(UringParams.IORING_FEAT_SINGLE_MMAP, "SINGLE_MMAP", "5.4"),
                    new Named(UringParams.IORING_FEAT_NODROP, "NODROP", "5.5"),
                    new Named(UringParams.IORING_FEAT_SUBMIT_STABLE, "SUBMIT_STABLE", "5.5"),
                    new Named(UringParams.IORING_FEAT_FAST_POLL, "FAST_POLL", "5.7"),
                    new Named(UringParams.IORING_FEAT_EXT_ARG, "EXT_ARG", "5.11"),
                    new Named(UringParams.IORING_FEAT_CQE_SKIP, "CQE_SKIP", "5.17"),
                    new Named(UringParams.IORING_FEAT_LINKED_FILE, "LINKED_FILE", "5.17"),
                    new Named(UringParams.IORING_FEAT_REG_REG_RING, "REG_REG_RING", "6.3"),
                    new Named(UringParams.IORING_FEAT_RECVSEND_BUNDLE, "RECVSEND_BUNDLE", "6.10"),
                    new Named(UringParams.IORING_FEAT_MIN_TIMEOUT, "MIN_TIMEOUT", "6.12"),
                    new Named(UringParams.IORING_FEAT_NO_IOWAIT, "NO_IOWAIT", "6.15"));

    /// Opens a ring for each question and closes it again: about a millisecond, and ten times that
    /// for the classes when it is the first use of rings.
    ///
    /// @return what was found
    public static UringProbe run() {
        int disabled = disabledSetting();
        long params = Memory.allocate(UringParams.BYTES);
        try {
            UringParams.init(params, 0);
            int ring = UringCalls.setup(ENTRIES, params);
            if (ring < 0) {
                return none(-ring, disabled);
            }
            try {
                int used = useOnce(ring, params);
                return used < 0 ? none(-used, disabled) : ask(ring, params, disabled);
            } finally {
                Descriptors.close(ring);
            }
        } finally {
            Memory.free(params);
        }
    }

    private static UringProbe none(int errno, int disabled) {
        return new UringProbe(errno, disabled, 0, 0, Set.of(), false, false, false);
    }

    private static UringProbe ask(int ring, long params, int disabled) {
        int features = UringParams.features(params);
        boolean bufferRings = hasBufferRings(ring, 0);
        boolean incremental = hasBufferRings(ring, BufferRing.IOU_PBUF_RING_INC);
        boolean direct =
                UringRegister.filesSparse(ring, SLOTS) >= 0
                        && UringRegister.fileAllocRange(ring, 0, SLOTS) >= 0;
        Set<UringOperation> operations = operations(ring);
        int setup = setupFlags(params);
        return new UringProbe(
                0, disabled, features, setup, operations, bufferRings, incremental, direct);
    }

    /// Sends one request through and takes its completion.
    private static int useOnce(int ring, long params) {
        UringMemory memory;
        try {
            memory = UringMemory.map(ring, params);
        } catch (ErrnoException e) {
            return -e.errno();
        }
        try {
            int mark = 42;
            UringRequests.nop(memory.sqe(memory.sqTail()), mark);
            memory.publishSqTail(memory.sqTail() + 1);
            int taken = UringCalls.submitAndWait(ring, 1, 1, 0, -1);
            if (taken < 0) {
                return taken;
            }
            int head = memory.cqHead();
            boolean completed =
                    memory.cqTail() == head + 1 && Cqe.userData(memory.cqe(head)) == mark;
            return completed ? 0 : -Errno.EIO;
        } finally {
            memory.unmap();
        }
    }

    private static boolean hasBufferRings(int ring, int flags) {
        long entries = Memory.allocatePages((long) ENTRIES * BufferRing.ENTRY_BYTES);
        try {
            boolean has = UringRegister.bufferRing(ring, 0, entries, ENTRIES, flags) >= 0;
            if (has) {
                UringRegister.unregisterBufferRing(ring, 0);
            }
            return has;
        } finally {
            Memory.freePages(entries, (long) ENTRIES * BufferRing.ENTRY_BYTES);
        }
    }

    private static Set<UringOperation> operations(int ring) {
        Set<UringOperation> found = EnumSet.noneOf(UringOperation.class);
        long bytes = PROBE_HEAD_BYTES + (long) PROBE_OPERATIONS * PROBE_OP_BYTES;
        long probe = Memory.allocateZeroed(bytes);
        try {
            if (UringRegister.probe(ring, probe, PROBE_OPERATIONS) < 0) {
                return found;
            }
            int known = Byte.toUnsignedInt(Memory.getByte(probe + PROBE_LENGTH));
            for (UringOperation operation : UringOperation.values()) {
                long entry = probe + PROBE_HEAD_BYTES + (long) operation.opcode() * PROBE_OP_BYTES;
                int flags = Memory.getShort(entry + PROBE_OP_FLAGS);
                if (operation.opcode() < known && (flags & IO_URING_OP_SUPPORTED) != 0) {
                    found.add(operation);
                }
            }
            return found;
        } finally {
            Memory.free(probe);
        }
    }

    private static int setupFlags(long params) {
        int accepted = 0;
        for (Named flag : SETUP) {
            UringParams.init(params, flag.bit() | flag.with());
            UringParams.setCqEntries(params, 2 * ENTRIES);
            int ring = UringCalls.setup(ENTRIES, params);
            if (ring >= 0) {
                Descriptors.close(ring);
                accepted |= flag.bit();
            }
        }
        return accepted;
    }

    private static int disabledSetting() {
        try {
            return Integer.parseInt(Files.readString(DISABLED).strip());
        } catch (IOException | NumberFormatException e) {
            // Before Linux 6.6, and on other systems, there is no such setting to read.
            return -1;
        }
    }

    /// {@return why there is no ring at all on this machine, for people, or empty if there is}
    public Optional<String> whyNot() {
        if (errno == 0) {
            return Optional.empty();
        }
        String reason;
        if (errno == Errno.ENOSYS) {
            reason =
                    Platform.current().isLinux()
                            ? "this kernel has none (Linux has it since 5.4)"
                            : "this system has none (Linux has)";
        } else if (errno == Errno.EPERM && disabled > 0) {
            reason = "switched off by the setting kernel.io_uring_disabled = " + disabled;
        } else if (errno == Errno.EPERM) {
            reason = "forbidden for this process, as containers do with a seccomp filter (EPERM)";
        } else if (errno == Errno.ENOMEM) {
            reason = "no memory for a ring; before Linux 5.12 that is the limit ulimit -l (ENOMEM)";
        } else {
            reason = Errno.name(errno) + ": " + Errno.text(errno);
        }
        return Optional.of("io_uring: " + reason);
    }

    /// {@return whether a request may be this}
    ///
    /// @param operation what it would be
    public boolean can(UringOperation operation) {
        return operations.contains(operation);
    }

    /// {@return whether the kernel has all of these}
    ///
    /// @param wanted `IORING_FEAT_...` of [UringParams]
    public boolean hasFeatures(int wanted) {
        return (features & wanted) == wanted;
    }

    /// {@return whether the kernel accepts all of these}
    ///
    /// @param wanted `IORING_SETUP_...` of [UringParams]
    public boolean acceptsSetup(int wanted) {
        return (setupFlags & wanted) == wanted;
    }

    /// {@return every fact in a line of its own, for people}
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(whyNot().orElse("io_uring: yes, a request went through"));
        lines.add("kernel.io_uring_disabled: " + (disabled < 0 ? "no such setting" : disabled));
        if (errno != 0) {
            return lines;
        }
        for (Named flag : SETUP) {
            lines.add(line("setup flag " + flag.name(), acceptsSetup(flag.bit()), flag.since()));
        }
        for (Named feature : FEATURES) {
            String name = "feature " + feature.name();
            lines.add(line(name, hasFeatures(feature.bit()), feature.since()));
        }
        lines.add(line("buffers picked by the kernel", bufferRings, "5.19"));
        lines.add(line("buffers filled piece by piece", incrementalBuffers, "6.12"));
        lines.add(line("direct descriptors picked by the kernel", directDescriptors, "6.0"));
        for (UringOperation operation : UringOperation.values()) {
            lines.add(line("operation " + operation.name(), can(operation), operation.since()));
        }
        return lines;
    }

    private static String line(String fact, boolean yes, String since) {
        return fact + (yes ? ": yes" : ": no (Linux " + since + ")");
    }
}
