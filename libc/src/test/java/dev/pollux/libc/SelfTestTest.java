package dev.pollux.libc;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SelfTestTest {
    @Test
    void theLayoutsOfThisMachineAreRightAndNothingLeaks() {
        var open = new OpenDescriptors();
        open.remember();
        SelfTest.run();
        open.assertSame();
    }
}
