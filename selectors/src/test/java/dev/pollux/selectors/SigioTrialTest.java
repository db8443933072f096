package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Whether signals of descriptors work here is told in words, whatever the trial lacks.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class SigioTrialTest {
    @Test
    void signalsWorkHere() {
        assertThat(SigioTrial.whyNot()).isEmpty();
    }

    @Test
    void withoutAThreadItSaysSo() {
        ThreadFactory none =
                _ -> {
                    throw new OutOfMemoryError("unable to create native thread");
                };
        assertThat(SigioTrial.whyNot(none))
                .hasValue("no thread to try signals in: unable to create native thread");
    }
}
