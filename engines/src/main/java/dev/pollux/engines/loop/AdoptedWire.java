package dev.pollux.engines.loop;

import dev.pollux.engines.io.AdoptedDescriptor;
import dev.pollux.engines.io.PeerAddress;
import dev.pollux.engines.io.Wire;
import dev.pollux.selectors.MaybeFile;
import java.net.SocketAddress;

/// An [AdoptedDescriptor] in a loop.
public final class AdoptedWire implements Wire {
    private final AdoptedDescriptor descriptor;

    /// A shell may have redirected it from a file, which epoll refuses otherwise.
    private final MaybeFile file;

    public AdoptedWire(int fd) {
        this.descriptor = new AdoptedDescriptor(fd);
        this.file = new MaybeFile(descriptor.fd());
    }

    @Override
    public int fd() {
        return descriptor.fd();
    }

    @Override
    public Object fileobj() {
        return file;
    }

    @Override
    public int receive(long address, int size) {
        return descriptor.receive(address, size);
    }

    @Override
    public boolean isEndFinal() {
        return descriptor.isEndFinal();
    }

    @Override
    public int send(long address, int size) {
        return descriptor.send(address, size);
    }

    @Override
    public int sendGathered(long iov, int count) {
        return descriptor.sendGathered(iov, count);
    }

    @Override
    public boolean shutdownOutput() {
        return false;
    }

    @Override
    public boolean isAdopted() {
        return true;
    }

    @Override
    public void resetOnClose() {
        // There is no peer to reset.
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public SocketAddress peer() {
        return PeerAddress.NOBODY;
    }
}
