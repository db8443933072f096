package dev.pollux.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.Engine;
import dev.pollux.engines.Group;
import dev.pollux.engines.Transport;
import java.io.IOException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The chat: its names and its room. One hub serves one engine, and all its doors.
///
/// Any thread may call; see the package's documentation for why there is no lock.
public final class Hub {
    private final Room lobby;

    /// Who has which name, by the folded name. Names chosen by `/nick` only: an address is unique
    /// by itself.
    private final ConcurrentMap<String, Member> nicks = new ConcurrentHashMap<>();

    /// Tells those apart who have no address.
    private final AtomicInteger locals = new AtomicInteger();

    /// Set when the engine stops: from then on nobody is told who leaves.
    private volatile boolean stopping;

    /// Creates a hub for an engine, with the system's clock and zone.
    ///
    /// @param engine the engine whose transports will be members
    public Hub(Engine engine) {
        this(engine.group(), InstantSource.system(), ZoneId.systemDefault());
    }

    /// Creates a hub.
    ///
    /// @param lobby an empty group: the room that everyone enters
    /// @param clock what time messages bear
    /// @param zone where that time is
    public Hub(Group lobby, InstantSource clock, ZoneId zone) {
        this.lobby = new Room(lobby, new Timestamps(clock, zone));
    }

    /// {@return the room that everyone enters}
    public Room lobby() {
        return lobby;
    }

    /// {@return somebody who is called by their address, and nowhere yet}
    ///
    /// @param transport where they hear things
    public Member newcomer(Transport transport) {
        var name = PeerName.of(transport.peer());
        return new Member(transport, name.equals("local") ? local() : name);
    }

    /// Lets somebody in: they are in the lobby, the others are told.
    ///
    /// @param newcomer from [#newcomer]
    public void enter(Member newcomer) {
        lobby.join(newcomer);
    }

    /// Gives a member another name, and tells everyone in the room.
    ///
    /// @param member who
    /// @param wish the name
    /// @return null when it is done, else why not, as the end of a sentence
    public @Nullable String rename(Member member, String wish) {
        var nick = Nick.normal(wish);
        var complaint = Nick.complaint(nick);
        if (complaint != null) {
            return complaint;
        }
        var folded = Nick.folded(nick);
        var before = member.name();
        var name = nick.getBytes(UTF_8);
        var owner = nicks.putIfAbsent(folded, member);
        if (owner != null && owner != member) {
            return nick + " is taken";
        }
        // Without memory from here on, or a name that is taken would be nobody's.
        if (!member.folded().equals(folded)) {
            nicks.remove(member.folded(), member);
        }
        member.named(name, folded);
        lobby.announce(before + " is now " + nick, null);
        return null;
    }

    /// Lets a member go: the name is free, the others are told. Idempotent.
    ///
    /// @param member who
    /// @param cause null when they went in order, else what cut them off
    public void leave(Member member, @Nullable IOException cause) {
        if (!lobby.leave(member)) {
            return;
        }
        nicks.remove(member.folded(), member);
        if (!stopping) {
            lobby.announceQuietly(member.name() + " left" + because(cause), null);
        }
    }

    /// The engine is stopping: everyone will leave, and nobody need be told.
    public void stopping() {
        stopping = true;
    }

    private String local() {
        return "local:" + locals.incrementAndGet();
    }

    private static String because(@Nullable IOException cause) {
        if (cause == null) {
            return "";
        }
        return cause instanceof DisconnectedException cut
                ? " (" + cut.getMessage() + ")"
                : " (connection lost)";
    }
}
