package dev.pollux.engines;

import dev.pollux.engines.models.IoModel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Has a protocol take the whole heap while others are served, in a process of its own. Says
/// `survived` for each model, or fails.
final class ShortHeapProgram {
    private static final int WORKERS = 4;

    private ShortHeapProgram() {}

    /// Takes all there is, down to the last bytes, and keeps it.
    private static final class Hoarder implements Protocol {
        private final List<byte[]> hoard = new ArrayList<>(1_000_000);
        private final CountDownLatch over;

        Hoarder(CountDownLatch over) {
            this.over = over;
        }

        @Override
        public void connected(Transport transport) {
            // It waits for a word.
        }

        @Override
        public void received(ByteBuffer bytes) {
            bytes.position(bytes.limit());
            fill(64 * 1024);
        }

        private void fill(int size) {
            try {
                while (true) {
                    hoard.add(new byte[size]);
                }
            } catch (OutOfMemoryError e) {
                if (size == 16) {
                    throw e;
                }
            }
            fill(size / 2);
        }

        @Override
        public void disconnected(@Nullable IOException cause) {
            hoard.clear();
            over.countDown();
        }
    }

    /// Runs.
    ///
    /// @param models the names of the models
    public static void main(String[] models) throws Exception {
        for (String model : models) {
            run(IoModel.named(model));
            System.out.println("survived " + model);
        }
    }

    private static void run(IoModel model) throws Exception {
        AtomicInteger troubles = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger made = new AtomicInteger();
        int threads = model == IoModel.BLOCKING_POOL ? WORKERS : 1;
        try (Engine engine =
                model.open(Limits.DEFAULT, threads, (_, _) -> troubles.incrementAndGet())) {
            SocketAddress door =
                    engine.listen(
                                    new InetSocketAddress("127.0.0.1", 0),
                                    () ->
                                            made.getAndIncrement() == 1
                                                    ? new Hoarder(over)
                                                    : Texts.echo())
                            .address();
            try (Client before = Client.connect(door)) {
                requireEcho(before);
                try (Client greedy = Client.connect(door).send("!")) {
                    over.await(); // It takes no memory, of which there is none.
                    greedy.receiveWhatComes();
                }
                requireEcho(before);
                try (Client after = Client.connect(door)) {
                    requireEcho(after);
                }
            }
        }
        if (troubles.get() == 0) {
            throw new AssertionError("nobody was told");
        }
    }

    private static void requireEcho(Client client) throws IOException {
        if (!client.send("还在").receive("还在").equals("还在")) {
            throw new AssertionError("another answer");
        }
    }
}
