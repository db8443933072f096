package dev.pollux.selectors;

import java.nio.channels.Pipe;

/// Run in a JVM of its own that believes to be on a platform without a known C library.
final class OnUnknownPlatform {
    private OnUnknownPlatform() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("epoll: " + Mechanism.EPOLL.whyNot().orElseThrow());
        Pipe pipe = Pipe.open();
        pipe.sink().configureBlocking(false);
        try (Selector<String> selector = Selector.open()) {
            selector.register(pipe.sink(), Selector.WRITE, "pipe");
            selector.modify(pipe.sink(), Interest.oneShot(Selector.WRITE), "pipe");
            System.out.println(selector.name() + " waited: " + selector.select());
            selector.wakeup();
            System.out.println("woken: " + selector.select());
        }
    }
}
