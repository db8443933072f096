package dev.pollux.descriptors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ScatteringByteChannel;

/// The end of a [Pipe] that is read. At the end of input when all who could write have closed
/// theirs.
public final class PipeSource implements OwnedDescriptor, ScatteringByteChannel {
    private final Ownership ownership;
    private final ByteFlow flow;

    PipeSource(Ownership ownership) {
        this.ownership = ownership;
        flow = new ByteFlow(ownership, false);
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    /// Reads as [ByteStream#read(ByteBuffer)] does.
    @Override
    public int read(ByteBuffer to) throws IOException {
        return flow.read(to);
    }

    @Override
    public long read(ByteBuffer[] to) throws IOException {
        return flow.read(to, 0, to.length);
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
        return flow.read(to, offset, length);
    }

    @Override
    public String toString() {
        return ownership.toString();
    }
}
