package dev.pollux.selectors;

import java.nio.channels.Pipe;

/// Run in a JVM of its own that has, or believes to have, no C library that it may call.
final class WithoutTheLibrary {
    private WithoutTheLibrary() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("epoll: " + Mechanism.EPOLL.whyNot().orElseThrow());
        System.out.println("sigio: " + SigioPoller.whyNot().orElseThrow());
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
