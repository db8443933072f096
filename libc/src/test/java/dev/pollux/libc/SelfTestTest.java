package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class SelfTestTest {
    @Test
    void theLayoutsOfThisMachineAreRightAndNothingLeaks() throws Exception {
        var open = new OpenDescriptors();
        open.remember();
        SelfTest.run();
        open.assertSame();
    }

    /// Services are often started with some kinds of sockets forbidden, which says nothing against
    /// a layout.
    @ParameterizedTest
    @ValueSource(ints = {Sockets.AF_UNIX, Sockets.AF_INET, Sandbox.ALL})
    void whereSocketsAreForbiddenItGoesWithout(int family) throws Exception {
        var open = new OpenDescriptors();
        open.remember();
        int refused =
                Sandbox.without(
                        family,
                        () -> {
                            SelfTest.run();
                            int domain = family == Sandbox.ALL ? Sockets.AF_INET : family;
                            return Sockets.socket(domain, Sockets.SOCK_STREAM, 0);
                        });
        assertThat(refused).isEqualTo(-Errno.EAFNOSUPPORT);
        open.assertSame();
    }

    @Test
    void withoutDescriptorsItHasNotFoundOutAndLeaksNothing() throws Exception {
        SelfTest.run(); // Loads what needs descriptors to be loaded.
        var open = new OpenDescriptors();
        open.remember();
        long limit = Descriptors.nofileSoft();
        int lowest = Descriptors.dup(0);
        Descriptors.close(lowest);
        for (int spare = 0; spare < 3; spare++) {
            ErrnoException thrown = null;
            Descriptors.setNofileSoft(lowest + spare);
            try {
                SelfTest.run();
            } catch (ErrnoException e) {
                thrown = e;
            } finally {
                Descriptors.setNofileSoft(limit);
            }
            assertThat(thrown).as("with " + spare + " to spare").isNotNull();
            assertThat(thrown.errno()).isEqualTo(Errno.EMFILE);
        }
        open.assertSame();
    }
}
