package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Our tables against those of the C headers: a file of static assertions is made of ours, and a C
/// compiler says whether they hold. What differs between the machines of Linux is asked of the
/// tables by the platform's name, so that a cross compiler can tell about the other machine.
final class CHeadersTest {
    private static final List<Class<?>> TABLES =
            List.of(
                    Descriptors.class,
                    EpollCalls.class,
                    EventfdCalls.class,
                    FileTypes.class,
                    InotifyCalls.class,
                    Mappings.class,
                    PidfdCalls.class,
                    PollCalls.class,
                    ResourceLimits.class,
                    SignalCalls.class,
                    SocketOptions.class,
                    Sockets.class,
                    TimerfdCalls.class,
                    Terminals.class,
                    UnixSockets.class);

    /// What C calls by the same name.
    private static final Pattern NAMED_AS_IN_C =
            Pattern.compile(
                    "(AF|CLOCK|EFD|EPOLL|F|FD|IN|IP|IPPROTO|IPV6|MAP|MSG|O|RLIMIT|S|SCM|SHUT|SI|SIG"
                            + "|SO|SOCK|SOL|SYS|TCP|TFD)_\\w+"
                            + "|(EPOLL|FION|POLL|POLL_|SIG|SIOC|TIOC)[A-Z]+");

    /// Two flags in one, and what Linux does not have.
    private static final Set<String> NOT_IN_C =
            Set.of(
                    "EFD_NONBLOCK_CLOEXEC",
                    "IN_NONBLOCK_CLOEXEC",
                    "MAP_PRIVATE_ANONYMOUS",
                    "SO_NWRITE",
                    "TFD_NONBLOCK_CLOEXEC");

    private static final String HEADERS =
            """
            #define _GNU_SOURCE
            #include <errno.h>
            #include <fcntl.h>
            #include <poll.h>
            #include <signal.h>
            #include <stddef.h>
            #include <time.h>
            #include <netinet/in.h>
            #include <netinet/tcp.h>
            #include <sys/epoll.h>
            #include <sys/eventfd.h>
            #include <sys/inotify.h>
            #include <sys/ioctl.h>
            #include <sys/mman.h>
            #include <sys/resource.h>
            #include <sys/signalfd.h>
            #include <sys/socket.h>
            #include <sys/stat.h>
            #include <sys/syscall.h>
            #include <sys/time.h>
            #include <sys/timerfd.h>
            #include <sys/uio.h>
            #include <sys/un.h>
            #include <linux/sockios.h>
            """;

    @TempDir Path folder;

    private final List<String> lines = new ArrayList<>();

    private void assertC(String expression, long value) {
        String line =
                "_Static_assert((long long) (%s) == %dLL, \"%s is %d here\");"
                        .formatted(expression, value, expression, value);
        lines.add(line);
    }

    private void assertFlag(String expression, int value) {
        assertC("(unsigned) (" + expression + ")", Integer.toUnsignedLong(value));
    }

    private static long value(Class<?> table, String name) throws Exception {
        return value(table.getDeclaredField(name));
    }

    private static long value(Field field) throws Exception {
        field.setAccessible(true);
        return ((Number) field.get(null)).longValue();
    }

    private void offset(String structure, String member, Class<?> table, String name)
            throws Exception {
        assertC("offsetof(struct %s, %s)".formatted(structure, member), value(table, name));
    }

    private void size(String type, Class<?> table, String name) throws Exception {
        assertC("sizeof(%s)".formatted(type), value(table, name));
    }

    private void constants() throws Exception {
        for (Class<?> table : TABLES) {
            for (Field field : table.getDeclaredFields()) {
                String name = field.getName();
                boolean number = field.getType() == int.class || field.getType() == long.class;
                if (Modifier.isStatic(field.getModifiers())
                        && number
                        && NAMED_AS_IN_C.matcher(name).matches()
                        && !NOT_IN_C.contains(name)) {
                    assertFlag(nameInC(name), (int) value(field));
                }
            }
        }
        for (KnownErrno errno : KnownErrno.values()) {
            assertC(errno.name(), errno.on(Platform.LINUX_X86_64));
        }
        assertFlag(
                "EFD_NONBLOCK | EFD_CLOEXEC",
                (int) value(EventfdCalls.class, "EFD_NONBLOCK_CLOEXEC"));
        assertFlag(
                "TFD_NONBLOCK | TFD_CLOEXEC",
                (int) value(TimerfdCalls.class, "TFD_NONBLOCK_CLOEXEC"));
        assertFlag(
                "SFD_NONBLOCK | SFD_CLOEXEC",
                (int) value(SignalfdCalls.class, "SFD_NONBLOCK_CLOEXEC"));
        assertFlag(
                "IN_NONBLOCK | IN_CLOEXEC", (int) value(InotifyCalls.class, "IN_NONBLOCK_CLOEXEC"));
        assertFlag(
                "MAP_PRIVATE | MAP_ANONYMOUS",
                (int) value(Mappings.class, "MAP_PRIVATE_ANONYMOUS"));
        assertFlag("PROT_READ | PROT_WRITE", (int) value(Mappings.class, "PROT_READ_WRITE"));
    }

    private static String nameInC(String name) {
        return switch (name) {
            case "F_OWNER_TID", "SIG_BLOCK", "SIG_UNBLOCK" -> name;
            case "SIG_DFL", "SIG_IGN" -> "(long) " + name;
            default -> name.startsWith("SYS_") ? "SYS_" + lower(name.substring(4)) : name;
        };
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private void messages() throws Exception {
        size("struct iovec", Descriptors.class, "IOVEC_BYTES");
        size("struct msghdr", MessageHeader.class, "BYTES");
        offset("msghdr", "msg_iov", MessageHeader.class, "IOVEC");
        offset("msghdr", "msg_iovlen", MessageHeader.class, "COUNT");
        offset("msghdr", "msg_control", MessageHeader.class, "CONTROL");
        offset("msghdr", "msg_controllen", MessageHeader.class, "CONTROL_BYTES");
        offset("msghdr", "msg_flags", MessageHeader.class, "FLAGS");
        assertC("CMSG_LEN(0)", value(UnixSockets.class, "HEADER"));
        offset("cmsghdr", "cmsg_level", UnixSockets.class, "LEVEL");
        offset("cmsghdr", "cmsg_type", UnixSockets.class, "TYPE");
        assertC("CMSG_ALIGN(1)", value(UnixSockets.class, "ALIGNMENT"));
        long room = value(UnixSockets.class, "CONTROL_BYTES");
        long most = value(UnixSockets.class, "DESCRIPTORS_MAX");
        assertC("CMSG_SPACE(%d * sizeof(int)) <= %d".formatted(most, room), 1);
        size("struct ucred", UnixSockets.class, "CREDENTIALS_BYTES");
        assertC("offsetof(struct ucred, uid)", 4);
        assertC("offsetof(struct ucred, gid)", 8);
    }

    private void addresses() throws Exception {
        assertC("sizeof(struct sockaddr_storage) <= " + SocketAddresses.BYTES, 1);
        size("struct sockaddr_in", SocketAddresses.class, "IN_BYTES");
        size("struct sockaddr_in6", SocketAddresses.class, "IN6_BYTES");
        offset("sockaddr_in", "sin_port", SocketAddresses.class, "PORT");
        offset("sockaddr_in6", "sin6_port", SocketAddresses.class, "PORT");
        offset("sockaddr_in", "sin_addr", SocketAddresses.class, "IN_ADDRESS");
        offset("sockaddr_in6", "sin6_addr", SocketAddresses.class, "IN6_ADDRESS");
        offset("sockaddr_in6", "sin6_scope_id", SocketAddresses.class, "IN6_SCOPE");
        offset("sockaddr_un", "sun_path", SocketAddresses.class, "PATH");
        assertC("sizeof(((struct sockaddr_un *) 0)->sun_path)", 108);
        assertC("sizeof(sa_family_t)", Short.BYTES);
        assertC("sizeof(struct linger)", 2 * Integer.BYTES);
        size("struct timeval", Sockets.class, "TIMEVAL_BYTES");
    }

    private void queues() throws Exception {
        offset("itimerspec", "it_interval", TimerfdCalls.class, "INTERVAL");
        offset("itimerspec", "it_value", TimerfdCalls.class, "VALUE");
        assertC("offsetof(struct timespec, tv_nsec)", Long.BYTES);
        size("struct signalfd_siginfo", SignalfdCalls.class, "SIGINFO_BYTES");
        offset("signalfd_siginfo", "ssi_signo", SignalfdCalls.class, "SIGNO");
        offset("signalfd_siginfo", "ssi_code", SignalfdCalls.class, "CODE");
        offset("signalfd_siginfo", "ssi_fd", SignalfdCalls.class, "FD");
        offset("signalfd_siginfo", "ssi_band", SignalfdCalls.class, "BAND");
        size("siginfo_t", SignalCalls.class, "SIGINFO_BYTES");
        size("sigset_t", SignalCalls.class, "SIGSET_BYTES");
        size("struct sigaction", SignalCalls.class, "SIGACTION_BYTES");
        assertC("offsetof(siginfo_t, si_signo)", value(SignalCalls.class, "INFO_SIGNO"));
        assertC("offsetof(siginfo_t, si_code)", value(SignalCalls.class, "INFO_CODE"));
        assertC("offsetof(siginfo_t, si_band)", value(SignalCalls.class, "INFO_BAND"));
        assertC("offsetof(siginfo_t, si_fd)", value(SignalCalls.class, "INFO_FD"));
        offset("inotify_event", "mask", InotifyCalls.class, "MASK");
        offset("inotify_event", "cookie", InotifyCalls.class, "COOKIE");
        offset("inotify_event", "len", InotifyCalls.class, "LENGTH");
        offset("inotify_event", "name", InotifyCalls.class, "NAME");
        size("struct pollfd", PollCalls.class, "POLLFD_BYTES");
        offset("pollfd", "events", PollCalls.class, "EVENTS");
        offset("pollfd", "revents", PollCalls.class, "REVENTS");
        offset("rlimit", "rlim_cur", ResourceLimits.class, "SOFT");
        offset("rlimit", "rlim_max", ResourceLimits.class, "HARD");
        assertC("sizeof(struct winsize)", Long.BYTES);
        assertC("offsetof(struct winsize, ws_row)", 0);
        assertC("offsetof(struct winsize, ws_col)", Short.BYTES);
    }

    private void ofMachine(Platform platform) throws Exception {
        EpollCalls.Layout event = EpollCalls.Layout.of(platform);
        assertC("sizeof(struct epoll_event)", event.bytes());
        assertC("offsetof(struct epoll_event, data)", event.data());
        assertC("offsetof(struct stat, st_mode)", FileTypes.mode(platform));
        long room = value(FileTypes.class, "STAT_BYTES");
        assertC("sizeof(struct stat) <= " + room, 1);
    }

    /// {@return what the compiler has to say, nothing where all holds}
    private String compile(String compiler, String source) throws Exception {
        Path file = Files.writeString(folder.resolve("tables.c"), source);
        Path said = folder.resolve("said");
        String object = folder.resolve("tables.o").toString();
        Process process =
                new ProcessBuilder(compiler, "-std=gnu11", "-c", file.toString(), "-o", object)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        process.getOutputStream().close();
        int status = process.waitFor();
        return status == 0 ? "" : Files.readString(said);
    }

    private void requireCompiler(String compiler) throws Exception {
        boolean there =
                Pattern.compile(":")
                        .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, compiler)));
        assumeTrue(there, compiler + " is not installed");
        assumeTrue(compile(compiler, HEADERS).isEmpty(), compiler + " has no headers");
    }

    @ParameterizedTest
    @CsvSource({"LINUX_X86_64, x86_64-linux-gnu-gcc", "LINUX_AARCH64, aarch64-linux-gnu-gcc"})
    void theTablesAreThoseOfTheHeaders(Platform platform, String compiler) throws Exception {
        assumeTrue(Platform.current().isLinux());
        requireCompiler(compiler);
        constants();
        messages();
        addresses();
        queues();
        ofMachine(platform);

        assertThat(lines).hasSizeGreaterThan(250);
        assertThat(compile(compiler, HEADERS + String.join("\n", lines))).isEmpty();
    }

    @Test
    void aTableThatIsWrongIsFound() throws Exception {
        assumeTrue(Platform.current().isLinux());
        requireCompiler("cc");
        assertC("ENOENT", 3);
        assertThat(compile("cc", HEADERS + String.join("\n", lines))).contains("ENOENT is 3 here");
    }
}
