package dev.pollux.descriptors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Sockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.Objects;

/// Reads and writes a descriptor that is a stream of bytes.
///
/// @param ownership whose it is
/// @param socket whether it is a socket: one that never waits has cheaper calls
record ByteFlow(Ownership ownership, boolean socket) {
    int read(ByteBuffer to) throws IOException {
        ThreadMemory.requireWritable(to);
        int fd = ownership.beginWait();
        try {
            if (!to.hasRemaining()) {
                return 0;
            }
            return to.isDirect() ? readDirect(fd, to) : readHeap(fd, to);
        } finally {
            ownership.endWait();
        }
    }

    private int readDirect(int fd, ByteBuffer to) throws IOException {
        int result = receive(fd, ThreadMemory.address(to), to.remaining());
        if (result > 0) {
            ThreadMemory.advance(to, result);
            return result;
        }
        return (int) nothingRead(result, "read");
    }

    private int readHeap(int fd, ByteBuffer to) throws IOException {
        ThreadMemory memory = ThreadMemory.current();
        int result = receive(fd, memory.bytes(), Math.min(to.remaining(), memory.room));
        if (result > 0) {
            ThreadMemory.give(memory.bytes(), to, result);
            return result;
        }
        return (int) nothingRead(result, "read");
    }

    private int receive(int fd, long address, int bytes) {
        int result;
        do {
            result =
                    socket && !ownership.waits()
                            ? Sockets.recv(fd, address, bytes)
                            : Descriptors.read(fd, address, bytes);
        } while (ownership.again(result));
        return result;
    }

    /// {@return -1 at the end of input, or 0 where there is nothing to read now}
    private long nothingRead(long result, String call) throws IOException {
        if (result == 0 && ownership.isOpen()) {
            return -1;
        }
        if (result == 0) {
            throw new AsynchronousCloseException();
        }
        if (Ownership.wouldBlock(result)) {
            return 0;
        }
        throw ownership.failure(result, call);
    }

    /// Writes all, or what is taken at once if calls do not wait.
    int write(ByteBuffer from) throws IOException {
        int fd = ownership.beginWait();
        try {
            return from.isDirect() ? writeDirect(fd, from) : writeHeap(fd, from);
        } finally {
            ownership.endWait();
        }
    }

    private int writeDirect(int fd, ByteBuffer from) throws IOException {
        int before = from.position();
        boolean goesOn = from.hasRemaining();
        while (goesOn) {
            goesOn = wrote(send(fd, ThreadMemory.address(from), from.remaining()), from);
        }
        return from.position() - before;
    }

    private int writeHeap(int fd, ByteBuffer from) throws IOException {
        ThreadMemory memory = ThreadMemory.current();
        int before = from.position();
        boolean goesOn = from.hasRemaining();
        while (goesOn) {
            int bytes = Math.min(from.remaining(), memory.room);
            ThreadMemory.take(from, memory.bytes(), bytes);
            int sent = send(fd, memory.bytes(), bytes);
            goesOn = wrote(sent, from) && (sent == bytes || ownership.waits());
        }
        return from.position() - before;
    }

    /// {@return whether there is more to write, and may be}
    private boolean wrote(int result, ByteBuffer from) throws IOException {
        if (result >= 0) {
            ThreadMemory.advance(from, result);
            return from.hasRemaining() && result > 0;
        }
        if (Ownership.wouldBlock(result)) {
            return false;
        }
        throw ownership.failure(result, "write");
    }

    private int send(int fd, long address, int bytes) {
        int result;
        do {
            result =
                    socket && !ownership.waits()
                            ? Sockets.send(fd, address, bytes)
                            : Descriptors.write(fd, address, bytes);
        } while (ownership.again(result));
        return result;
    }

    long read(ByteBuffer[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        for (int i = offset; i < offset + length; i++) {
            ThreadMemory.requireWritable(to[i]);
        }
        Pieces pieces = ThreadMemory.current().pieces;
        int fd = ownership.beginWait();
        try {
            pieces.room(to, offset, length);
            if (pieces.count() == 0) {
                return 0;
            }
            long result;
            do {
                result = Descriptors.readv(fd, pieces.iovec(), pieces.count());
            } while (ownership.again(result));
            if (result > 0) {
                pieces.received(result);
                return result;
            }
            return nothingRead(result, "readv");
        } finally {
            pieces.forget();
            ownership.endWait();
        }
    }

    long write(ByteBuffer[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        Pieces pieces = ThreadMemory.current().pieces;
        int fd = ownership.beginWait();
        try {
            long total = 0;
            boolean goesOn = true;
            while (goesOn) {
                pieces.bytes(from, offset, length);
                long sent = pieces.count() == 0 ? 0 : send(fd, pieces);
                pieces.sent(sent);
                total += sent;
                goesOn = sent > 0 && (sent == pieces.size() || ownership.waits());
            }
            return total;
        } finally {
            pieces.forget();
            ownership.endWait();
        }
    }

    /// {@return how many bytes were taken, 0 if calls do not wait and there is no room}
    private long send(int fd, Pieces pieces) throws IOException {
        long result;
        do {
            result =
                    socket && !ownership.waits()
                            ? Sockets.sendv(fd, pieces.iovec(), pieces.count())
                            : Descriptors.writev(fd, pieces.iovec(), pieces.count());
        } while (ownership.again(result));
        if (result >= 0) {
            return result;
        }
        if (Ownership.wouldBlock(result)) {
            return 0;
        }
        throw ownership.failure(result, "writev");
    }
}
