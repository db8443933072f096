package dev.pollux.selectors;

import dev.pollux.libc.Descriptors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Run in a JVM of its own with a small heap: arms a descriptor with input that has come before,
/// and waits when the heap has no room to report it.
final class ArmedOnAShortHeap {
    private ArmedOnAShortHeap() {}

    public static void main(String[] arguments) throws Exception {
        DescriptorEnd.check(Descriptors.setNofileSoft(Descriptors.nofileHard()));
        System.out.println("with a heap: " + attempt(new ArrayList<>()));
        System.out.println("without a heap: " + attempt(null));
    }

    private static String attempt(List<byte[]> none) throws Exception {
        DescriptorEnd[] pair = DescriptorEnd.socketPair();
        int command = Descriptors.F_DUPFD_CLOEXEC;
        int high = DescriptorEnd.check(Descriptors.fcntl(pair[0].fd(), command, OnAShortHeap.HIGH));
        SigioPoller poller = SigioPoller.open();
        poller.begin();
        try (Selector<String> selector = Selector.over(poller)) {
            pair[1].send("x");
            selector.register(high, Interest.edge(Selector.READ), "x");
            List<byte[]> hog = none == null ? OnAShortHeap.fill() : none;
            String first = "needs none";
            try {
                first = selector.select(Duration.ZERO).size() + " ready";
                hog.clear();
            } catch (OutOfMemoryError _) {
                hog.clear();
                first = "refused, then " + selector.select(Duration.ZERO).size() + " ready";
            }
            return first;
        } finally {
            Descriptors.close(high);
            pair[0].close();
            pair[1].close();
        }
    }
}
