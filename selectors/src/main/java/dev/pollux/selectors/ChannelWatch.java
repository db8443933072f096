package dev.pollux.selectors;

import static java.nio.channels.SelectionKey.OP_ACCEPT;
import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;

/// What a channel is watched for.
record ChannelWatch(
        SelectableChannel channel, int number, int kinds, Trigger trigger, int generation) {
    /// {@return the operations of this kind of channel that stand for the kinds}
    int operations() {
        int read = (kinds & Selector.READ) != 0 ? OP_READ | OP_ACCEPT : 0;
        int write = (kinds & Selector.WRITE) != 0 ? writeOperation() : 0;
        return (read | write) & channel.validOps();
    }

    private int writeOperation() {
        return isConnecting() ? OP_CONNECT : OP_WRITE;
    }

    /// {@return whether it is watched for room to write, which comes with its connection}
    boolean isConnecting() {
        return (kinds & Selector.WRITE) != 0
                && channel instanceof SocketChannel socket
                && !socket.isConnected();
    }
}
