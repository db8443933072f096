package dev.pollux.engines;

import static dev.pollux.engines.Texts.echo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.models.IoModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Doors: where they can be, and how many may come in.
@EngineContract
final class EngineListenTest {
    /// Fields of `/proc/net/tcp`, `proc_net_tcp(5)`: the addresses of both ends, and which timer
    /// runs and for how many hundredths of a second.
    private static final int LOCAL = 1;

    private static final int REMOTE = 2;
    private static final int TIMER = 5;

    @RegisterExtension final Rig rig;

    EngineListenTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    private void assertAnswers(SocketAddress door) throws Exception {
        Client client = rig.connect(door);
        assertThat(client.send("你好").receive("你好")).isEqualTo("你好");
        client.close();
    }

    @Test
    void onIpv4() throws Exception {
        Listener door = rig.listen(new InetSocketAddress("127.0.0.1", 0), Texts::echo);
        InetSocketAddress address = (InetSocketAddress) door.address();
        assertThat(address.getPort()).isPositive();
        assertThat(address.getAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
        assertAnswers(address);
    }

    @Test
    void onIpv6() throws Exception {
        InetSocketAddress wanted = new InetSocketAddress("::1", 0);
        try (ServerSocket _ = new ServerSocket(0, 1, wanted.getAddress())) {
            assertThat(wanted.isUnresolved()).isFalse();
        } catch (IOException e) {
            assumeTrue(false, "this machine has no IPv6 loopback: " + e.getMessage());
        }
        Scripted protocol = new Scripted().onReceived(Transport::write);
        Listener door = rig.listen(wanted, () -> protocol);
        assertThat(((InetSocketAddress) door.address()).getAddress())
                .isEqualTo(wanted.getAddress());
        Client client = rig.connect(door.address(), protocol);
        assertThat(protocol.transport().peer()).isEqualTo(client.address());
        assertThat(client.send("六").receive("六")).isEqualTo("六");
    }

    @Test
    void onAUnixDomainSocketWhoseFileGoesWithTheDoor(@TempDir Path folder) throws Exception {
        assumeTrue(rig.flavor().hasUnixSockets(), "the JDK has none");
        Path file = folder.resolve("门.socket");
        Scripted protocol = new Scripted().onReceived(Transport::write);
        Listener door = rig.listen(UnixDomainSocketAddress.of(file), () -> protocol);
        assertThat(door.address()).isEqualTo(UnixDomainSocketAddress.of(file));
        assertThat(file).exists();
        Client client = rig.connect(door.address(), protocol);
        assertThat(client.send("你好").receive("你好")).isEqualTo("你好");
        assertThat(protocol.transport().peer()).isEqualTo(UnixDomainSocketAddress.of(""));
        door.close();
        assertThat(file).doesNotExist();
        assertThat(client.send("还在").receive("还在")).isEqualTo("还在");
        client.endOutput();
        assertThat(protocol.cause()).isNull();
    }

    @Test
    void theFileOfAUnixDomainSocketGoesWithTheEngineToo(@TempDir Path folder) throws Exception {
        assumeTrue(rig.flavor().hasUnixSockets(), "the JDK has none");
        Path file = folder.resolve("door");
        rig.listen(UnixDomainSocketAddress.of(file), Texts::echo);
        rig.engine().close();
        assertThat(file).doesNotExist();
    }

    /// The server that has taken over has made it.
    @Test
    void theFileOfAnotherServerStays(@TempDir Path folder) throws Exception {
        assumeTrue(rig.flavor().hasUnixSockets(), "the JDK has none");
        Path file = folder.resolve("door");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(file);
        Listener first = rig.listen(address, Texts::echo);
        Files.delete(file);
        Listener second = rig.listen(address, Texts::echo);
        first.close();
        assertThat(file).exists();
        assertAnswers(address);
        second.close();
        assertThat(file).doesNotExist();
    }

    /// So that a peer that has vanished without a word is found out.
    @Test
    void silentTcpPeersAreProbed() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "only Linux tells");
        Scripted protocol = new Scripted();
        SocketAddress door = rig.doorFor(protocol);
        SocketAddress peer = rig.connect(door, protocol).address();
        List<String[]> served = new ArrayList<>();
        Rig.eventually(
                "nothing but the next probe is waited for",
                () -> {
                    served.clear();
                    connections(door, peer).forEach(served::add);
                    return served.size() == 1 && served.getFirst()[TIMER].startsWith("02:");
                });
        long ticks = Long.parseLong(served.getFirst()[TIMER].substring(3), 16);
        long most =
                rig.flavor().hasDescriptors() && rig.flavor().model() != IoModel.BLOCKING_VIRTUAL
                        ? 300
                        : 7200;
        assertThat(ticks / 100).isBetween(most / 2, most);
    }

    /// {@return what the kernel says of the connections from the one port to the other}
    private static Stream<String[]> connections(SocketAddress local, SocketAddress remote) {
        return Stream.of("tcp", "tcp6")
                .map(table -> Path.of("/proc/net", table))
                .filter(Files::exists)
                .flatMap(EngineListenTest::lines)
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[LOCAL].endsWith(port(local)))
                .filter(fields -> fields[REMOTE].endsWith(port(remote)));
    }

    private static String port(SocketAddress address) {
        return ":%04X".formatted(((InetSocketAddress) address).getPort());
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void abortOnAUnixDomainSocketIsAPlainEnd(@TempDir Path folder) throws Exception {
        assumeTrue(rig.flavor().hasUnixSockets(), "the JDK has none");
        Scripted protocol = new Scripted().onConnected(Transport::abort);
        Listener door =
                rig.listen(UnixDomainSocketAddress.of(folder.resolve("door")), () -> protocol);
        assertThat(rig.connect(door.address()).receiveToEnd()).isEmpty();
    }

    @Test
    void aModelWithoutUnixDomainSocketsSaysSo(@TempDir Path folder) throws Exception {
        assumeTrue(!rig.flavor().hasUnixSockets(), "this one has them");
        UnixDomainSocketAddress wanted = UnixDomainSocketAddress.of(folder.resolve("门"));
        assertThatThrownBy(() -> rig.listen(wanted, Texts::echo))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(rig.flavor().model().label())
                .hasMessageContaining(wanted.toString());
        assertThat(folder).isEmptyDirectory();
        assertAnswers(rig.door(Texts::echo));
    }

    @Test
    void aPortInUseIsAnError() throws Exception {
        SocketAddress taken = rig.door(Texts::echo);
        assertThatThrownBy(() -> rig.listen(taken, Texts::echo))
                .isInstanceOf(IOException.class)
                .message()
                .containsIgnoringCase("address already in use");
        assertAnswers(taken);
    }

    @Test
    void anAddressOfAnotherMachineIsAnError() {
        // TEST-NET-1 of RFC 5737: nobody's.
        assertThatThrownBy(() -> rig.listen(new InetSocketAddress("192.0.2.1", 0), Texts::echo))
                .isInstanceOf(IOException.class)
                .message()
                .containsIgnoringCase("address");
    }

    @Test
    void aSocketFileThatExistsIsAnErrorAndStays(@TempDir Path folder) throws Exception {
        assumeTrue(rig.flavor().hasUnixSockets(), "the JDK has none");
        Path file = Files.createFile(folder.resolve("door"));
        assertThatThrownBy(() -> rig.listen(UnixDomainSocketAddress.of(file), Texts::echo))
                .isInstanceOf(IOException.class);
        assertThat(file).exists();
    }

    @Test
    void aClosedDoorLetsNobodyInAndNobodyDown() throws Exception {
        Scripted protocol = new Scripted().onReceived(Transport::write);
        Listener door = rig.listen(() -> protocol);
        Client inside = rig.connect(door.address(), protocol);
        door.close();
        door.close();
        assertThatThrownBy(() -> Client.connect(door.address())).isInstanceOf(IOException.class);
        assertThat(inside.send("还在").receive("还在")).isEqualTo("还在");
    }

    @Test
    void aClosedDoorsPortCanBeHadAgain() throws Exception {
        Listener door = rig.listen(Texts::echo);
        assertAnswers(door.address());
        door.close();
        rig.listen(door.address(), Texts::echo);
        assertAnswers(door.address());
    }

    @Test
    void manyDoorsEachWithItsOwnProtocol() throws Exception {
        SocketAddress echoing = rig.door(Texts::echo);
        SocketAddress lines = rig.door(Texts::lines);
        assertThat(rig.connect(echoing).send("x\n").receive("x\n")).isEqualTo("x\n");
        assertThat(rig.connect(lines).send("x\n").receive("<x>\n")).isEqualTo("<x>\n");
    }

    @Test
    void aProtocolOpensAndClosesDoors() throws Exception {
        CompletableFuture<SocketAddress> opened = new CompletableFuture<>();
        Scripted first =
                new Scripted()
                        .onConnected(_ -> {
                            try {
                                Listener door = rig.listen(Texts::echo);
                                rig.listen(Texts::echo).close();
                                opened.complete(door.address());
                            } catch (IOException e) {
                                opened.completeExceptionally(e);
                            }
                        });
        rig.connect(rig.doorFor(first));
        assertAnswers(opened.get());
    }

    @Test
    void atTheLimitTheNextOnesWaitInTheBacklog() throws Exception {
        rig.with(Rig.PATIENT.withConnectionsMax(2));
        Scripted one = new Scripted();
        Scripted two = new Scripted();
        Scripted three = new Scripted().onReceived(Transport::write);
        SocketAddress door = rig.doorFor(one, two, three, echo());
        Client first = rig.connect(door, one);
        rig.connect(door, two);
        Client third = rig.connect(door).send("等");
        Client fourth = rig.connect(door).send("也等");
        for (int i = 0; i < 20; i++) {
            Rig.caughtUp(one.transport());
            Rig.caughtUp(two.transport());
        }
        assertThat(rig.engine().statistics().accepted()).isEqualTo(2);
        first.close();
        assertThat(third.receive("等")).isEqualTo("等");
        assertThat(rig.engine().statistics().open()).isEqualTo(2);
        third.close();
        assertThat(fourth.receive("也等")).isEqualTo("也等");
        assertThat(rig.engine().statistics().refused()).isZero();
    }

    @Test
    void atTheLimitItNeverExceedsIt() throws Exception {
        rig.with(Rig.PATIENT.withConnectionsMax(3));
        SocketAddress door = rig.door(Texts::echo);
        Engine engine = rig.engine();
        List<CompletableFuture<Void>> crowd = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            crowd.add(
                    Background.run(() -> {
                        for (int round = 0; round < 50; round++) {
                            try (Client client = Client.connect(door)) {
                                assertThat(client.send("x").receive("x")).isEqualTo("x");
                                assertThat(engine.statistics().open()).isBetween(1L, 3L);
                            }
                        }
                    }));
        }
        for (CompletableFuture<Void> client : crowd) {
            client.get();
        }
        assertThat(engine.statistics().accepted()).isEqualTo(200);
    }
}
