package dev.pollux.chat;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/// Who has which name, whatever fails meanwhile.
final class HubTest {
    private final FakeGroup group = new FakeGroup();
    private final Hub hub = new Hub(group, InstantSource.fixed(Instant.EPOCH), UTC);

    private Member enter(int port) {
        var member = hub.newcomer(new FakeTransport(port));
        hub.enter(member);
        return member;
    }

    /// It belongs to whoever has taken it, and is free when they have gone.
    @Test
    void aNameThatCannotBeAnnouncedIsNotLost() {
        var member = enter(1);
        var other = enter(2);
        group.mute = true;
        assertThatThrownBy(() -> hub.rename(member, "Ada")).isInstanceOf(OutOfMemoryError.class);
        group.mute = false;
        assertThat(member.name()).isEqualTo("Ada");
        assertThat(hub.rename(other, "ada")).isEqualTo("ada is taken");
        hub.leave(member, null);
        assertThat(hub.rename(other, "ada")).isNull();
    }

    @Test
    void theNameBeforeIsFreeThoughTheNextCannotBeAnnounced() {
        var member = enter(1);
        var other = enter(2);
        assertThat(hub.rename(member, "Ada")).isNull();
        group.mute = true;
        assertThatThrownBy(() -> hub.rename(member, "Bob")).isInstanceOf(OutOfMemoryError.class);
        group.mute = false;
        assertThat(hub.rename(other, "Ada")).isNull();
        assertThat(hub.rename(other, "Bob")).isEqualTo("Bob is taken");
    }
}
