package dev.pollux.descriptors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;

/// A descriptor that is a stream of bytes in both directions.
///
/// Direct buffers are read and written where they are; what is on the heap goes through memory of
/// the thread, up to 64 KiB (8 KiB in a virtual thread) a call. One call takes up to 64 buffers;
/// for each direct one of several it may make a small object, and otherwise nothing. A buffer of an
/// arena needs it open: closed before, it is refused with an [IllegalStateException], or with a
/// [WrongThreadException] if it is confined to another thread; nobody may close it while the call
/// is under way, as the kernel would use memory that may be another's by then.
public sealed interface ByteStream
        extends OwnedDescriptor, ByteChannel, GatheringByteChannel, ScatteringByteChannel
        permits FileStream, StreamSocket {
    /// Reads what there is, at most as much as fits.
    ///
    /// @param to where the bytes go; its position moves behind them
    /// @return how many bytes, -1 at the end of input, or 0 if there is nothing now and calls do
    ///   not wait, or no room in the buffer
    /// @throws IllegalArgumentException if the buffer is read-only
    /// @throws IOException a [dev.pollux.libc.ErrnoException] for what the kernel says, a
    ///   [java.nio.channels.ClosedChannelException] if it is closed
    @Override
    int read(ByteBuffer to) throws IOException;

    /// Reads into several buffers in one call, one after the other.
    ///
    /// @return as [#read(ByteBuffer)] does
    @Override
    default long read(ByteBuffer[] to) throws IOException {
        return read(to, 0, to.length);
    }

    @Override
    long read(ByteBuffer[] to, int offset, int length) throws IOException;

    /// Writes all, or, if calls do not wait, what is taken at once.
    ///
    /// @param from what to write; its position moves behind what was taken, also if this fails
    /// @return how many bytes were taken
    /// @throws IOException a [dev.pollux.libc.ErrnoException] for what the kernel says, as `EPIPE`
    ///   when nobody is there to read; a [java.nio.channels.ClosedChannelException] if it is closed
    @Override
    int write(ByteBuffer from) throws IOException;

    /// Writes several buffers in one call, one after the other.
    ///
    /// @return as [#write(ByteBuffer)] does
    @Override
    default long write(ByteBuffer[] from) throws IOException {
        return write(from, 0, from.length);
    }

    @Override
    long write(ByteBuffer[] from, int offset, int length) throws IOException;
}
