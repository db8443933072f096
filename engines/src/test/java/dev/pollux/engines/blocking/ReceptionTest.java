package dev.pollux.engines.blocking;

import static dev.pollux.engines.Texts.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.Transport;
import dev.pollux.engines.shared.Recipient;
import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is left unread stands in front of what follows, whoever received it when.
@Timeout(60)
final class ReceptionTest {
    private static final int MOST = 4096;

    private final List<byte[]> offered = new ArrayList<>();
    private int takes;
    private Consumer<ByteBuffer> script = this::takeSome;
    private final List<Throwable> failures = new ArrayList<>();
    private final Reception reception = new Reception(MOST, new Taker());

    /// A connection and its protocol.
    private final class Taker implements Recipient, Protocol {
        @Override
        public Protocol protocol() {
            return this;
        }

        @Override
        public void connected(Transport transport) {
            throw new AssertionError("nobody connects");
        }

        @Override
        public void received(ByteBuffer bytes) {
            script.accept(bytes);
        }

        @Override
        public void failed(String what, Throwable e) {
            failures.add(e);
        }
    }

    @AfterEach
    void giveBack() {
        reception.free();
    }

    private void takeSome(ByteBuffer bytes) {
        byte[] all = new byte[bytes.remaining()];
        bytes.get(bytes.position(), all);
        offered.add(all);
        bytes.position(bytes.position() + Math.min(takes, all.length));
    }

    /// Receives as the kernel does.
    private void arrive(byte[] bytes) {
        assertThat(bytes.length).isLessThanOrEqualTo(reception.room());
        Memory.copy(bytes, 0, reception.address(), bytes.length);
    }

    @Test
    void whatIsLeftIsOfferedInFrontOfWhatFollows() {
        arrive(new byte[] {1, 2, 3});
        takes = 2;
        assertThat(reception.offer(3)).isOne();
        arrive(new byte[] {4, 5});
        takes = 3;
        assertThat(reception.offer(2)).isZero();
        assertThat(offered).containsExactly(new byte[] {1, 2, 3}, new byte[] {3, 4, 5});
        assertThat(reception.room()).isEqualTo(MOST);
    }

    @Test
    void whatIsKeptIsOfferedLater() {
        arrive(new byte[] {1, 2});
        reception.keep(2);
        arrive(new byte[] {3});
        reception.keep(1);
        assertThat(reception.unread()).isEqualTo(3);
        takes = 3;
        assertThat(reception.offer(0)).isZero();
        assertThat(offered).containsExactly(new byte[] {1, 2, 3});
    }

    @Test
    void aWholeBufferMayBeLeft() {
        byte[] all = pattern(MOST);
        arrive(all);
        assertThat(reception.offer(MOST)).isEqualTo(MOST);
        assertThat(reception.room()).isZero();
        takes = MOST;
        assertThat(reception.offer(0)).isZero();
        assertThat(offered).containsExactly(all, all);
    }

    @Test
    void whatIsForgottenIsNotOffered() {
        arrive(new byte[] {1, 2});
        reception.keep(2);
        reception.forget();
        arrive(new byte[] {3});
        reception.offer(1);
        assertThat(offered).containsExactly(new byte[] {3});
    }

    /// Another thread may offer what is unread while the kernel fills the rest.
    @Test
    void offeringWhatIsUnreadDoesNotTouchWhatArrives() {
        arrive(new byte[] {1, 2, 3});
        reception.keep(3);
        arrive(new byte[] {4, 5});
        takes = 1;
        assertThat(reception.offer(0)).isEqualTo(2);
        takes = 4;
        assertThat(reception.offer(2)).isZero();
        assertThat(offered.getLast()).containsExactly(2, 3, 4, 5);
    }

    /// Counted on, it would be copied from in front of the memory.
    @Test
    void whatAProtocolPretendsToLeaveIsNotBelieved() {
        script = ByteBuffer::clear;
        arrive(new byte[] {1, 2});
        assertThat(reception.offer(2)).isZero();
        assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(reception.room()).isEqualTo(MOST);
        script = this::takeSome;
        arrive(new byte[] {3});
        reception.offer(1);
        assertThat(offered).containsExactly(new byte[] {3});
    }

    @Test
    void randomPiecesComeOutAsTheyWentIn() {
        Random random = new Random(7);
        byte[] sent = pattern(200_000);
        int at = 0;
        int seen = 0;
        while (at < sent.length || reception.unread() > 0) {
            int size = Math.min(random.nextInt(reception.room() + 1), sent.length - at);
            arrive(Arrays.copyOfRange(sent, at, at + size));
            at += size;
            if (random.nextInt(4) == 0 && at < sent.length) {
                reception.keep(size);
                continue;
            }
            int unread = reception.unread();
            takes = random.nextInt(MOST + 1);
            reception.offer(size);
            byte[] last = offered.removeLast();
            assertThat(last).isEqualTo(Arrays.copyOfRange(sent, seen, seen + unread + size));
            seen += Math.min(takes, last.length);
        }
        assertThat(seen).isEqualTo(sent.length);
    }
}
