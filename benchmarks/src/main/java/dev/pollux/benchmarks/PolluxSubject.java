package dev.pollux.benchmarks;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.Sockets;
import dev.pollux.selectors.Mechanism;
import dev.pollux.selectors.ReadyConsumer;
import dev.pollux.selectors.Selector;
import dev.pollux.selectors.SelectorKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Our selector over one mechanism.
final class PolluxSubject implements Subject {
    private final Selector<String> selector;
    private final List<Integer> descriptors = new ArrayList<>();
    private final ReadyConsumer<String> counter = this::count;
    private final Integer spare;
    private Integer last;
    private boolean both;
    private int seen;

    PolluxSubject(Mechanism mechanism, int registered, int ready) throws IOException {
        selector = mechanism.open();
        spare = pair(false);
        last = watch(pair(ready > 0));
        for (int i = 1; i < registered; i++) {
            last = watch(pair(i < ready));
        }
    }

    private Integer pair(boolean ready) throws ErrnoException {
        var ends = new int[2];
        int type = Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK;
        ErrnoException.check(Sockets.socketpair(Sockets.AF_UNIX, type, ends), "socketpair", -1);
        descriptors.add(ends[0]);
        descriptors.add(ends[1]);
        if (ready) {
            long oneByte = Memory.allocate(1);
            ErrnoException.check(Sockets.send(ends[1], oneByte, 1), "send", ends[1]);
            Memory.free(oneByte);
        }
        return ends[0];
    }

    private Integer watch(Integer fd) throws ErrnoException {
        selector.register(fd, Selector.READ);
        return fd;
    }

    private void count(SelectorKey<String> key, int events) {
        seen += (events & (Selector.READ | Selector.WRITE)) != 0 ? 1 : 0;
    }

    @Override
    public int poll() throws ErrnoException {
        seen = 0;
        selector.select(0, counter);
        return seen;
    }

    @Override
    public void register() throws ErrnoException {
        selector.register(spare, Selector.READ);
    }

    @Override
    public void unregister() {
        selector.unregister(spare);
    }

    @Override
    public void modify() throws ErrnoException {
        both = !both;
        selector.modify(last, both ? Selector.READ | Selector.WRITE : Selector.READ);
    }

    @Override
    public void close() throws ErrnoException {
        selector.close();
        for (int fd : descriptors) {
            ErrnoException.check(Descriptors.close(fd), "close", fd);
        }
    }
}
