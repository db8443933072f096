package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ErrnoTest {
    @ParameterizedTest
    @EnumSource
    void theNumbersOfAPlatformAreDistinct(Platform platform) {
        Map<Integer, KnownErrno> seen = new HashMap<>();
        for (KnownErrno known : KnownErrno.values()) {
            KnownErrno other = seen.put(known.on(platform), known);
            if (other != null) {
                assertThat(known).isEqualTo(KnownErrno.ENOTSUP);
                assertThat(other).isEqualTo(KnownErrno.EOPNOTSUPP);
                assertThat(platform.isLinux()).isTrue();
            }
        }
    }

    @Test
    void theNumbersAreThoseOfThisCLibrary() {
        String symbol = "strerrorname_np";
        assumeTrue(Downcall.exists(symbol), "needs glibc 2.32");
        // const char *strerrorname_np(int errnum);
        MethodHandle nameOf = Downcall.link(symbol);
        for (KnownErrno known : KnownErrno.values()) {
            int errno = known.on(Platform.current());
            long name = Downcall.invoke(nameOf, SystemCalls.current().state, errno, 0, 0, 0, 0, 0);
            assertThat(new String(PathBytes.read(name, 64), StandardCharsets.US_ASCII))
                    .isEqualTo(Errno.name(errno));
        }
    }

    @Test
    void namesAndTextsAreGiven() {
        assertThat(Errno.name(Errno.EADDRINUSE)).isEqualTo("EADDRINUSE");
        assertThat(Errno.text(Errno.EADDRINUSE)).isEqualTo("address already in use");
        assertThat(Errno.name(Errno.EOPNOTSUPP)).isIn("ENOTSUP", "EOPNOTSUPP");
        assertThat(Errno.EWOULDBLOCK).isEqualTo(Errno.EAGAIN);
    }

    @Test
    void unknownNumbersHaveANameToo() {
        for (int unknown : new int[] {-1, 0, 159, 160, 4096, Integer.MAX_VALUE}) {
            assertThat(Errno.name(unknown)).isEqualTo("errno " + unknown);
            assertThat(Errno.text(unknown)).isNotBlank();
        }
    }

    @Test
    void goodResultsPass() {
        assertThatCode(
                        () -> {
                            assertThat(ErrnoException.check(0, "read", 3)).isZero();
                            assertThat(ErrnoException.check(17, "read", 3)).isEqualTo(17);
                            assertThat(ErrnoException.check(1L << 40, "writev", 3))
                                    .isEqualTo(1L << 40);
                        })
                .doesNotThrowAnyException();
    }

    @Test
    void badResultsBecomeAnExceptionThatSaysAll() {
        int result = -Errno.EADDRINUSE;
        assertThatThrownBy(() -> ErrnoException.check(result, "bind", 7))
                .isInstanceOf(IOException.class)
                .hasMessage("bind(fd 7): EADDRINUSE: address already in use")
                .isInstanceOfSatisfying(
                        ErrnoException.class,
                        e -> {
                            assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE);
                            assertThat(e.call()).isEqualTo("bind");
                            assertThat(e.fd()).isEqualTo(7);
                        });
        assertThatThrownBy(() -> ErrnoException.check((long) -Errno.EMFILE, "epoll_create1", -1))
                .isInstanceOf(ErrnoException.class)
                .hasMessage("epoll_create1: EMFILE: too many open files in this process");
    }
}
