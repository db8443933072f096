package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What is different over the JDK's selector: channels instead of descriptors.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class NioPollerTest {
    private static final Duration NOW = Duration.ZERO;

    private Selector<String> selector;
    private SocketChannel near;
    private SocketChannel far;

    @BeforeEach
    void open() throws Exception {
        selector = Mechanism.NIO.open();
        ChannelEnd[] pair = ChannelEnd.pair();
        near = pair[0].channel();
        far = pair[1].channel();
    }

    @AfterEach
    void close() throws Exception {
        near.close();
        far.close();
        selector.close();
    }

    @Test
    void channelsGetTheLowestFreeNumber() throws Exception {
        assertThat(selector.register(near, Selector.READ).fd()).isZero();
        assertThat(selector.register(far, Selector.READ).fd()).isEqualTo(1);
        assertThatIllegalStateException().isThrownBy(() -> selector.register(near, 1));
        assertThat(selector.key(0).fileobj()).isSameAs(near);
        assertThat(selector.unregister(0).fileobj()).isSameAs(near);
        assertThat(selector.register(near, Selector.READ).fd()).isZero();
        assertThat(selector.keys().keySet()).containsExactly(0, 1);
        assertThat(selector.fd()).isEmpty();
    }

    /// The JDK begins its wait anew.
    @Test
    void aSignalEndsNoWait() throws Exception {
        long timeout = 300_000_000;
        var ready = new CompletableFuture<ThreadSignal>();
        Waiting<Long> waiting =
                Waiting.in(() -> {
                    ready.complete(ThreadSignal.toThisThread(ThreadSignal.SIGPIPE));
                    long start = System.nanoTime();
                    assertThat(selector.selectUntilSignal(Duration.ofNanos(timeout))).isEmpty();
                    return System.nanoTime() - start;
                });
        try (ThreadSignal signal = ready.get()) {
            while (!waiting.isDone()) {
                signal.send();
            }
        }
        assertThat(waiting.result()).isGreaterThanOrEqualTo(timeout);
    }

    @Test
    void descriptorsAreRefusedInWords() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector.register(0, Selector.READ))
                .withMessageContaining("SelectableChannels");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector.register(() -> 0, Selector.READ))
                .withMessageContaining("SelectableChannels");
    }

    @Test
    void blockingAndClosedChannelsAreRefused() throws Exception {
        near.configureBlocking(true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector.register(near, Selector.READ))
                .withMessageContaining("non-blocking");
        near.close();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector.register(near, Selector.READ))
                .withMessageContaining("closed");
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void unknownChannelsAreNotFound() {
        assertThatThrownBy(() -> selector.key(near)).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> selector.unregister(near))
                .isInstanceOf(NoSuchElementException.class);
        assertThat(selector.keys().get(near)).isNull();
    }

    @Test
    void aClosedChannelIsFoundByItsIdentity() throws Exception {
        var key = selector.register(near, Selector.READ, "甲");
        near.close();
        assertThat(selector.select(NOW)).isEmpty();
        assertThat(selector.key(near)).isSameAs(key);
        assertThatIllegalArgumentException().isThrownBy(() -> selector.modify(near, 2));
        assertThat(selector.keys()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> selector.key(near));
    }

    @Test
    void aChannelCanBeRegisteredAgainAtOnce() throws Exception {
        for (int i = 0; i < 100; i++) {
            var key = selector.register(near, Selector.WRITE);
            assertThat(selector.select()).containsExactly(new Ready<>(key, Selector.WRITE));
            selector.unregister(near);
        }
        assertThat(selector.select(NOW)).isEmpty();
    }

    @Test
    void registeringAgainLosesNoWakeup() throws Exception {
        selector.register(near, Selector.READ);
        for (int i = 0; i < 100; i++) {
            selector.wakeup();
            selector.unregister(near);
            selector.register(near, Selector.READ);
            assertThat(selector.select()).isEmpty();
        }
    }

    @Test
    void registeringAgainWorksWhileAnotherThreadWaits() throws Exception {
        selector.register(near, Selector.READ);
        Waiting<List<Ready<String>>> waiting = Waiting.in(selector::select);
        for (int i = 0; i < 100; i++) {
            selector.unregister(near);
            selector.register(near, Selector.READ);
        }
        selector.wakeup();
        assertThat(waiting.result()).isEmpty();
    }

    @Test
    void readAlsoMeansAConnectionToAcceptAndWriteOneThatIsMade() throws Exception {
        try (var server = ServerSocketChannel.open();
                var client = SocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            server.configureBlocking(false);
            client.configureBlocking(false);
            var listening = selector.register(server, Selector.READ);
            boolean done = client.connect(server.getLocalAddress());
            assertThat(selector.select()).containsExactly(new Ready<>(listening, Selector.READ));

            SocketChannel accepted = server.accept();
            var connecting = selector.register(client, Selector.WRITE);
            assertThat(selector.select()).containsExactly(new Ready<>(connecting, Selector.WRITE));
            assertThat(done || client.finishConnect()).isTrue();
            assertThat(selector.select()).containsExactly(new Ready<>(connecting, Selector.WRITE));
            selector.modify(client, Selector.READ | Selector.WRITE);
            assertThat(selector.select()).extracting(Ready::events).containsExactly(2);
            accepted.close();
        }
    }

    @Test
    void aOneShotOnAConnectingChannelIsReportedOnceAndNotAgainWhenItIsConnected() throws Exception {
        try (var server = ServerSocketChannel.open();
                var client = SocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            client.configureBlocking(false);
            assertThat(client.connect(server.getLocalAddress())).as("connected at once").isFalse();
            var key = selector.register(client, Interest.oneShot(Selector.WRITE), null);
            assertThat(selector.select()).containsExactly(new Ready<>(key, Selector.WRITE));
            assertThat(client.finishConnect()).isTrue();
            assertThat(selector.select(NOW)).as("not armed again").isEmpty();
            selector.modify(client, Interest.oneShot(Selector.WRITE), "armed");
            assertThat(selector.select()).extracting(Ready::events).containsExactly(Selector.WRITE);
            assertThat(selector.select(NOW)).isEmpty();
        }
    }

    /// The waiter may be told of a channel before the thread that registers it has got further.
    @Test
    void aOneShotThatFiresWhileItIsRegisteredIsReportedOnce() throws Exception {
        NioPoller poller = NioPoller.open();
        try (var server = ServerSocketChannel.open();
                var client = SocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            client.configureBlocking(false);
            assertThat(client.connect(server.getLocalAddress())).as("connected at once").isFalse();
            int number = poller.claim(client, poller.fdOf(client));
            assertThat(poller.add(number, Selector.WRITE, Trigger.ONE_SHOT, 1)).isZero();
            SelectionKey key = poller.key(number);
            var watch = (ChannelWatch) key.attachment();
            assertThat(poller.await(-1)).isOne();
            poller.follow(key, watch);
            assertThat(client.finishConnect()).isTrue();
            assertThat(poller.await(0)).as("not armed again").isZero();
        }
        poller.close();
    }

    /// As it is when a wait ends in the middle of a modify.
    @Test
    void whatIsBeingArmedForSomethingElseIsNotSilencedByWhatItWasArmedForBefore() throws Exception {
        NioPoller poller = NioPoller.open();
        int number = poller.claim(near, poller.fdOf(near));
        assertThat(poller.add(number, Selector.READ, Trigger.ONE_SHOT, 1)).isZero();
        assertThat(far.write(ByteBuffer.allocate(1))).isOne();
        SelectionKey key = poller.key(number);
        key.attach(new ChannelWatch(near, number, Selector.WRITE, Trigger.ONE_SHOT, 1));
        assertThat(poller.await(0)).as("what it was armed for before").isZero();
        key.interestOps(SelectionKey.OP_WRITE);
        assertThat(poller.await(0)).isOne();
        assertThat(poller.readyEvents(0)).isEqualTo(Selector.WRITE);
        poller.close();
    }

    @Test
    void aChannelThatWasRefusedIsNotHeld() throws Exception {
        var refused = new WeakReference<>(SocketChannel.open());
        refused.get().configureBlocking(false);
        assertThatThrownBy(
                        () -> selector.register(refused.get(), Interest.edge(Selector.READ), null))
                .isInstanceOf(UnsupportedOperationException.class);
        refused.get().close();
        while (refused.get() != null) {
            System.gc();
        }
        assertThat(selector.register(near, Selector.WRITE).fd()).isZero();
    }

    @Test
    void pipesOfTheJdkAreChannelsToo() throws Exception {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipe.sink().configureBlocking(false);
        var source = selector.register(pipe.source(), Selector.READ);
        assertThat(selector.select(NOW)).isEmpty();
        new ChannelSink(pipe).send("x");
        assertThat(selector.select()).containsExactly(new Ready<>(source, Selector.READ));
        pipe.source().close();
        pipe.sink().close();
        selector.select(NOW);
    }

    private record ChannelSink(Pipe pipe) {
        void send(String text) throws Exception {
            pipe.sink().write(java.nio.ByteBuffer.wrap(text.getBytes()));
        }
    }

    @Test
    void anInterruptedThreadCanWait() throws Exception {
        Waiting.in(
                        () -> {
                            Thread.currentThread().interrupt();
                            long start = System.nanoTime();
                            assertThat(selector.select(Duration.ofMillis(30))).isEmpty();
                            assertThat(System.nanoTime() - start)
                                    .isGreaterThanOrEqualTo(30_000_000);
                            return assertThat(Thread.interrupted()).isTrue();
                        })
                .result();
    }
}
