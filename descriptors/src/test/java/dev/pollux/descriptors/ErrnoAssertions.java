package dev.pollux.descriptors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.ErrnoException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// What the kernel refuses.
final class ErrnoAssertions {
    private ErrnoAssertions() {}

    static void assertErrno(int errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }
}
