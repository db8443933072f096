package dev.pollux.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who speaks while the room waits for somebody who is behind.
final class ChatPaceTest {
    private static final int LINES = 1000;

    private Instant now = Instant.parse("2026-11-20T16:15:30Z");
    private final FakeGroup group = new FakeGroup();
    private final Hub hub = new Hub(group, () -> now, ZoneId.of("UTC"));
    private final FakeTransport mouth = new FakeTransport(1001);
    private final FakeTransport ear = new FakeTransport(1002);
    private final ChatProtocol speaker = new ChatProtocol(hub);

    /// Lines that count as more than one member may say ahead of the others.
    private final ByteBuffer flood = ByteBuffer.wrap("x\n".repeat(LINES).getBytes(UTF_8));

    @BeforeEach
    void enter() {
        new ChatProtocol(hub).connected(ear);
        speaker.connected(mouth);
        ear.taken();
        group.behind = true;
    }

    @Test
    void whoSaysMuchWaitsUntilTheOthersHaveHeard() {
        speaker.received(flood);
        assertThat(mouth.reading).isFalse();
        int said = (int) ear.taken().lines().count();
        assertThat(said).isBetween(10, 300);

        speaker.writable(); // There was another reason to wait, which is over.
        speaker.received(flood);
        assertThat(ear.taken()).isEmpty();
        assertThat(mouth.reading).isFalse();

        group.catchUp();
        assertThat(mouth.reading).isTrue();
        speaker.received(flood);
        assertThat(ear.taken()).hasLineCount(LINES - said);
    }

    @Test
    void whoTypesIsNotMadeToWaitHoweverLongTheRoomWaits() {
        for (int i = 0; i < LINES; i++) {
            speaker.received(ByteBuffer.wrap("what somebody types, 再来一句\n".getBytes(UTF_8)));
            now = now.plusMillis(100);
        }
        assertThat(mouth.reading).isTrue();
        assertThat(ear.taken()).hasLineCount(LINES);
    }

    @Test
    void whoWaitsMayLeave() {
        speaker.received(flood);
        speaker.disconnected(null);
        assertThat(ear.taken()).endsWith("* 127.0.0.1:1001 left\n");
        group.catchUp();
    }
}
