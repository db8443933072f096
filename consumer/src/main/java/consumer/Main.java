package consumer;

import dev.pollux.descriptors.Pair;
import dev.pollux.descriptors.StreamSocket;
import dev.pollux.selectors.Ready;
import dev.pollux.selectors.Selector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Waits with a selector for what comes through a pair of sockets.
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        try (Selector<StreamSocket> selector = Selector.open();
                Pair<StreamSocket> pair = StreamSocket.pair()) {
            selector.register(pair.second(), Selector.READ, pair.second());
            pair.first().write(ByteBuffer.wrap("世界".getBytes(StandardCharsets.UTF_8)));
            ByteBuffer got = ByteBuffer.allocate(64);
            for (Ready<StreamSocket> ready : selector.select()) {
                ready.key().data().read(got);
            }
            System.out.println(
                    "%s on %s, module %s"
                            .formatted(
                                    StandardCharsets.UTF_8.decode(got.flip()),
                                    selector.name(),
                                    Main.class.getModule().getName()));
        }
    }
}
