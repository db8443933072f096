package dev.pollux.engines.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.NativeEnd;
import dev.pollux.engines.OpenDescriptors;
import dev.pollux.engines.Pipe;
import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Each descriptor here would let a plain `read(2)` wait.
@Timeout(60)
final class AdoptedDescriptorTest {
    private final OpenDescriptors descriptors = new OpenDescriptors();

    /// Somebody else may have taken what was there when it was reported.
    private static void readsNothingAndDoesNotWait(NativeEnd end, NativeEnd other)
            throws Exception {
        AdoptedDescriptor descriptor = new AdoptedDescriptor(end.fd());
        long memory = Memory.allocate(64);
        try {
            assertThat(descriptor.receive(memory, 64)).isEqualTo(-Errno.EAGAIN);
            other.write("ab\n");
            assertThat(descriptor.receive(memory, 64)).isEqualTo(3);
            assertThat(descriptor.receive(memory, 64)).isEqualTo(-Errno.EAGAIN);
        } finally {
            Memory.free(memory);
            descriptor.close();
        }
        assertThat(end.isOpen()).isTrue();
    }

    @Test
    void aReadNeverWaitsForAPipe() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            readsNothingAndDoesNotWait(pipe.reading(), pipe.writing());
        }
        descriptors.assertSame();
    }

    @Test
    void aReadNeverWaitsForASocket() throws Exception {
        NativeEnd[] pair = NativeEnd.pair();
        try (NativeEnd ours = pair[0].blocking();
                NativeEnd theirs = pair[1]) {
            readsNothingAndDoesNotWait(ours, theirs);
        }
        descriptors.assertSame();
    }

    @Test
    void aReadNeverWaitsForATerminal() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/ptmx")), "no pseudo-terminals here");
        NativeEnd[] terminal = NativeEnd.terminal();
        try (NativeEnd person = terminal[0];
                NativeEnd program = terminal[1]) {
            readsNothingAndDoesNotWait(program, person);
        }
        descriptors.assertSame();
    }
}
