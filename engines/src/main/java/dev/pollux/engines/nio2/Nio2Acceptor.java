package dev.pollux.engines.nio2;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.ChannelCalls;
import dev.pollux.engines.loop.Acceptor;
import dev.pollux.engines.loop.Doors;
import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.loop.TimerWheel;
import dev.pollux.engines.shared.AcceptTrouble;
import dev.pollux.engines.shared.Uninterrupted;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A door of the `nio2` model: one accept under way, renewed when it has completed.
///
/// When the descriptor table is full the accept fails, and the door rests for a while; the trouble
/// is reported once, until a connection can be accepted again. At `Limits.connectionsMax()` it
/// rests too, with at most one connection that was accepted meanwhile kept aside; the next wait in
/// the backlog.
///
/// Belongs to its loop's thread, but for `Listener`'s methods, and the completion handler's, which
/// are called by a thread of the group.
final class Nio2Acceptor
        implements Acceptor, CompletionHandler<AsynchronousSocketChannel, @Nullable Void> {
    private final Doors doors;
    private final Loop loop;
    private final Nio2Driver driver;
    private final AsynchronousServerSocketChannel channel;
    private final SocketAddress address;
    private final Supplier<? extends Protocol> protocols;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AcceptTrouble trouble;
    private final TimerWheel.Entry rest = new TimerWheel.Entry(this::accept);

    /// Accepted, but one too many for now.
    private @Nullable AsynchronousSocketChannel aside;

    /// An accept is under way.
    private boolean accepting;

    private boolean done;

    private Nio2Acceptor(
            Doors doors,
            AsynchronousServerSocketChannel channel,
            Supplier<? extends Protocol> protocols)
            throws IOException {
        this.doors = doors;
        this.loop = doors.loops().first();
        this.driver = (Nio2Driver) loop.driver();
        this.channel = channel;
        this.address = channel.getLocalAddress();
        this.protocols = protocols;
        this.trouble = new AcceptTrouble(loop.troubles());
    }

    /// Binds a door, which does not accept yet.
    ///
    /// @throws IOException when the address cannot be had
    /// @throws UnsupportedOperationException for a Unix domain socket
    /// @throws IllegalStateException when the engine has stopped
    static Nio2Acceptor bind(
            Doors doors,
            Nio2Group group,
            SocketAddress wanted,
            Supplier<? extends Protocol> protocols)
            throws IOException {
        if (wanted instanceof UnixDomainSocketAddress) {
            throw new UnsupportedOperationException(
                    "the nio2 model has no Unix domain sockets, as the JDK's asynchronous channels"
                            + " have none: "
                            + wanted);
        }
        Loop loop = doors.loops().first();
        AsynchronousServerSocketChannel channel = group.openDoor();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(wanted, loop.limits().backlog());
            return new Nio2Acceptor(doors, channel, protocols);
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public SocketAddress address() {
        return address;
    }

    @Override
    public void open() {
        accept();
    }

    private void accept() {
        if (accepting || done || rest.isWaiting() || aside != null) {
            return;
        }
        if (doors.admission().isFull()) {
            doors.admission().rests(this);
            return;
        }
        try {
            channel.accept(null, this);
            accepting = true;
            driver.begun(); // Completions wait for this thread.
        } catch (Throwable e) {
            rest(e);
        }
    }

    @Override
    public void completed(AsynchronousSocketChannel accepted, @Nullable Void none) {
        driver.completed(() -> accepted(accepted));
    }

    @Override
    public void failed(Throwable e, @Nullable Void none) {
        driver.completed(() -> refused(e));
    }

    /// Not for one that the JDK threw at when it was asked for it.
    private void ended() {
        if (accepting) {
            accepting = false;
            driver.over();
        }
    }

    private void accepted(AsynchronousSocketChannel accepted) {
        ended();
        trouble.over();
        if (done) {
            drop(accepted);
        } else if (doors.admission().isFull()) {
            aside = accepted;
            doors.admission().rests(this);
        } else {
            begin(accepted);
            accept();
        }
    }

    private void begin(AsynchronousSocketChannel accepted) {
        try {
            doors.accepted(new Nio2Socket(accepted), protocols);
        } catch (IOException _) {
            drop(accepted); // The peer has gone already.
        } catch (Throwable e) {
            drop(accepted);
            rest(e);
        }
    }

    private static void drop(AsynchronousSocketChannel accepted) {
        ChannelCalls.attempt(accepted::close);
    }

    private void refused(Throwable e) {
        ended();
        rest(e);
    }

    private void rest(Throwable e) {
        if (!done) {
            loop.wheel().add(rest, AcceptTrouble.REST_NANOS);
            trouble.rests(e);
        }
    }

    @Override
    public void resumeSoon() {
        loop.hand(this::resume, 0);
    }

    private void resume() {
        AsynchronousSocketChannel waiting = aside;
        if (waiting != null && doors.admission().isFull()) {
            doors.admission().rests(this);
            return;
        }
        aside = null;
        if (waiting != null) {
            begin(waiting);
        }
        accept();
    }

    @Override
    public void close() {
        if (loop.isCurrent()) {
            closeHere();
            return;
        }
        if (!loop.hand(this::closeHere, 0)) {
            closeHere(); // The loop has ended, so this thread may.
        }
        Uninterrupted.await(closed::await);
    }

    private void closeHere() {
        if (done) {
            return;
        }
        done = true;
        loop.wheel().remove(rest);
        try {
            ChannelCalls.attempt(channel::close);
            if (aside != null) {
                drop(aside);
                aside = null;
            }
        } finally {
            doors.closed(this);
            closed.countDown();
        }
    }
}
