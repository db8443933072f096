package dev.pollux.engines;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Stands between an engine and a protocol, and notes every breach of the order of calls that
/// [Protocol] promises.
public final class Referee implements Protocol {
    private final Protocol player;
    private final Queue<String> fouls;

    /// Whether one thread has to call always; otherwise one at a time.
    private final boolean oneThread;

    /// Who called first.
    private @Nullable Thread thread;

    private boolean inside;
    private boolean connected;
    private boolean ended;
    private boolean stopped;
    private boolean over;

    public Referee(Protocol player, Queue<String> fouls, boolean oneThread) {
        this.player = player;
        this.oneThread = oneThread;
        this.fouls = fouls;
    }

    /// The engine has ended: so must have the connection.
    public void finalWhistle() {
        if (connected && !over) {
            foul("never told of its end");
        }
    }

    private void foul(String what) {
        fouls.add(player + ": " + what);
    }

    private void enter(String callback, boolean allowed) {
        if (thread == null) {
            thread = Thread.currentThread();
        }
        if (oneThread && thread != Thread.currentThread()) {
            foul(callback + " on " + Thread.currentThread() + ", not on " + thread);
        }
        if (inside) {
            foul(callback + " in the middle of another callback");
        }
        if (!allowed) {
            foul(callback + " out of order");
        }
        inside = true;
    }

    @Override
    public void connected(Transport transport) {
        enter("connected", !connected && !over);
        connected = true;
        try {
            player.connected(transport);
        } finally {
            inside = false;
        }
    }

    @Override
    public void received(ByteBuffer bytes) {
        enter("received", connected && !ended && !over);
        if (!bytes.hasRemaining() || !bytes.isDirect() || bytes.isReadOnly()) {
            foul("received " + bytes);
        }
        try {
            player.received(bytes);
        } finally {
            inside = false;
        }
    }

    @Override
    public boolean eof() {
        enter("eof", connected && !ended && !over);
        ended = true;
        try {
            return player.eof();
        } finally {
            inside = false;
        }
    }

    @Override
    public void writable() {
        enter("writable", connected && !over);
        try {
            player.writable();
        } finally {
            inside = false;
        }
    }

    @Override
    public boolean stopping() {
        enter("stopping", connected && !stopped && !over);
        stopped = true;
        try {
            return player.stopping();
        } finally {
            inside = false;
        }
    }

    @Override
    public void disconnected(@Nullable IOException cause) {
        enter("disconnected", connected && !over);
        over = true;
        try {
            player.disconnected(cause);
        } finally {
            inside = false;
        }
    }
}
