package dev.pollux.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.engines.Group;
import dev.pollux.engines.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Members who hear each other, all in one order.
///
/// What members say comes as `2026/11/21 00:15:30 NAME: text`. What the room itself says begins
/// with `* `, which nothing that a member says can begin with.
public final class Room {
    /// A room with more members does not tell who comes and goes: n members who come would be n * n
    /// lines.
    static final int ANNOUNCED_MEMBERS_MAX = 256;

    private final Group group;
    private final Timestamps timestamps;
    private final Set<Member> members = ConcurrentHashMap.newKeySet();

    Room(Group group, Timestamps timestamps) {
        this.group = group;
        this.timestamps = timestamps;
    }

    /// Says something to everyone here, the speaker included. Called on the speaker's thread.
    ///
    /// @param speaker who speaks, a member of this room
    /// @param text well-formed UTF-8 without control characters, as from [LineDecoder#line];
    ///   consumed
    public void say(Member speaker, ByteBuffer text) {
        group.broadcast(speaker.encode(timestamps.now(), text));
    }

    /// {@return whether some of the members have still to hear what was said, and are worth waiting
    /// for} See [Group#isBehind()].
    boolean isBehind() {
        return group.isBehind();
    }

    /// Runs a task as soon as nobody is waited for any more.
    ///
    /// @param speaker on whose thread it runs
    /// @param task what goes on then
    void whenCaughtUp(Transport speaker, Runnable task) {
        group.whenCaughtUp(speaker, task);
    }

    /// {@return the seconds since the epoch, by the room's clock}
    long second() {
        return timestamps.second();
    }

    /// {@return how many members are here}
    public int size() {
        return members.size();
    }

    /// {@return the names of some of those who are here, in no order}
    ///
    /// @param max how many at most
    public List<String> names(int max) {
        var names = new ArrayList<String>();
        for (var member : members) {
            if (names.size() == max) {
                break;
            }
            names.add(member.name());
        }
        return names;
    }

    void join(Member member) {
        members.add(member);
        group.join(member.transport());
        announceQuietly(member.name() + " joined", member);
    }

    /// {@return false when the member had already left}
    boolean leave(Member member) {
        group.leave(member.transport());
        return members.remove(member);
    }

    /// Tells who came or went, unless there are too many to tell.
    void announceQuietly(String news, @Nullable Member except) {
        if (members.size() <= ANNOUNCED_MEMBERS_MAX) {
            announce(news, except);
        }
    }

    /// Tells everyone but one.
    void announce(String news, @Nullable Member except) {
        var line = ByteBuffer.wrap(("* " + news + "\n").getBytes(UTF_8));
        group.broadcast(line, except == null ? null : except.transport());
    }
}
