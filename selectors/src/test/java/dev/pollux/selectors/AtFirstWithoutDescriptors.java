package dev.pollux.selectors;

import static dev.pollux.selectors.DescriptorEnd.check;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.SelfTest;
import java.util.Arrays;

/// Run in a JVM of its own, where nothing of this library has been used before.
final class AtFirstWithoutDescriptors {
    private static final int LIMIT = 200;

    private AtFirstWithoutDescriptors() {}

    public static void main(String[] arguments) throws Exception {
        load();
        check(Descriptors.setNofileSoft(LIMIT));
        int[] taken = new int[LIMIT];
        int count = 0;
        for (int fd = Descriptors.dup(0); fd >= 0; fd = Descriptors.dup(0)) {
            taken[count++] = fd;
        }
        System.out.println("at first: " + Mechanism.EPOLL.whyNot());
        Arrays.stream(taken, 0, count).forEach(Descriptors::close);
        try (Selector<String> selector = Selector.open()) {
            System.out.println("then " + selector.name());
        }
    }

    /// Loads what needs descriptors to be loaded, and asks for no mechanism of the kernel's.
    private static void load() throws Exception {
        SelfTest.run();
        EpollPoller.open().close();
        System.out.println("java.nio: " + Mechanism.NIO.whyNot());
        System.out.println(NativeAccess.class + " " + new ErrnoException(Errno.EMFILE, "", -1));
    }
}
