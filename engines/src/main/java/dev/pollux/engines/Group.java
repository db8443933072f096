package dev.pollux.engines;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Transports that hear the same things: a chat room, a topic, everyone.
///
/// A broadcast costs one queue entry per loop, not one per member (in the blocking models, which
/// have no loops, a reference per member); each loop then writes to its own members at the end of
/// its turn, and a member that has nothing else queued gets the turn's messages with one system
/// call, straight from one shared buffer.
///
/// **Order** is total: all members see the broadcasts of a group in the same order. A member's own
/// writes ([Transport#write]) and the broadcasts keep the order in which they were made on the
/// member's thread. Between two groups no order is promised.
///
/// **Pace.** A member is *behind* from when more is queued for it than [Limits#outboundHighMark()]
/// until it is less than [Limits#outboundLowMark()]. A group does not slow anybody down, it tells
/// ([#isBehind()]), and whoever brings much to be broadcast waits ([#whenCaughtUp]): else one who
/// sends as fast as a computer can has everybody cut off who reads at the pace of a network. Nobody
/// who never reads can hold a group up: a member is waited for as long as it takes 64 KiB in every
/// two seconds, as far as the kernel lets that be seen, and after that not again before it has
/// caught up.
///
/// A member that is behind and not waited for is cut off by its own limit
/// ([Limits#outboundBytesMax()]). One whose connection ends has left. All methods may be called
/// from any thread.
///
/// **Bounded.** A thread that is none of the engine's and broadcasts faster than a loop can take it
/// waits in [#broadcast], when 32 MiB (or a quarter of [Limits#memoryBytesMax()], where that is
/// less) are on their way to that loop, until it has caught up; a second at most, so that a caller
/// who holds a lock that a protocol wants holds nobody up for good. No other method waits, and no
/// thread of the engine's.
public interface Group {
    /// Adds a transport of the same engine: it gets every broadcast made from now on. Idempotent.
    ///
    /// @param transport the new member
    void join(Transport transport);

    /// Removes a member: it still gets every broadcast made before. Idempotent.
    ///
    /// @param transport the member that leaves
    void leave(Transport transport);

    /// Sends bytes to every member.
    ///
    /// @param bytes heap or direct; copied and consumed
    default void broadcast(ByteBuffer bytes) {
        broadcast(bytes, null);
    }

    /// Sends bytes to every member but one.
    ///
    /// @param bytes heap or direct; copied and consumed
    /// @param except who does not get them, null for nobody
    void broadcast(ByteBuffer bytes, @Nullable Transport except);

    /// {@return whether members are behind who are worth waiting for} A cheap question, meant to be
    /// asked before each broadcast.
    boolean isBehind();

    /// Runs a task once, as soon as nobody is waited for any more.
    ///
    /// @param speaker a transport of the same engine, on whose own thread the task runs; it is
    ///   dropped when that connection ends before
    /// @param task what goes on then, usually [Transport#resumeReading()]
    void whenCaughtUp(Transport speaker, Runnable task);

    /// {@return how many members there are; exact once calls from other threads have been handed
    /// over}
    int size();
}
