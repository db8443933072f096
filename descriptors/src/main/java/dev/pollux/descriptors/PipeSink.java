package dev.pollux.descriptors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;

/// The end of a [Pipe] that is written. When nobody is left to read, writing is an `EPIPE`.
public final class PipeSink implements OwnedDescriptor, GatheringByteChannel {
    private final Ownership ownership;
    private final ByteFlow flow;

    PipeSink(Ownership ownership) {
        this.ownership = ownership;
        flow = new ByteFlow(ownership, false);
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    /// Writes as [ByteStream#write(ByteBuffer)] does.
    @Override
    public int write(ByteBuffer from) throws IOException {
        return flow.write(from);
    }

    @Override
    public long write(ByteBuffer[] from) throws IOException {
        return flow.write(from, 0, from.length);
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        return flow.write(from, offset, length);
    }

    @Override
    public String toString() {
        return ownership.toString();
    }
}
