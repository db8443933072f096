package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class SocketAddressesTest {
    private final long memory = Memory.allocate(256);

    @AfterEach
    void free() {
        Memory.free(memory);
    }

    @ParameterizedTest
    @CsvSource({
        "LINUX_X86_64, 02001f907f0000010000000000000000",
        "LINUX_AARCH64, 02001f907f0000010000000000000000",
        "MACOS_X86_64, 10021f907f0000010000000000000000",
        "MACOS_AARCH64, 10021f907f0000010000000000000000",
    })
    void ipv4IsLaidOut(Platform platform, String expected) throws UnknownHostException {
        var address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 8080);
        assertLaidOut(platform, address, expected);
    }

    @ParameterizedTest
    @CsvSource({
        "LINUX_X86_64, 0a00fffe0000000020010db800000000000000000000000105000000",
        "MACOS_AARCH64, 1c1efffe0000000020010db800000000000000000000000105000000",
    })
    void ipv6IsLaidOutWithItsScope(Platform platform, String expected) throws UnknownHostException {
        byte[] host = InetAddress.getByName("2001:db8::1").getAddress();
        var address = new InetSocketAddress(Inet6Address.getByAddress(null, host, 5), 65534);
        assertLaidOut(platform, address, expected);
        var back = (InetSocketAddress) SocketAddresses.of(platform).get(memory, 28);
        assertThat(((Inet6Address) back.getAddress()).getScopeId()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"LINUX_X86_64, 01002f746d702f6400", "MACOS_X86_64, 09012f746d702f6400"})
    void aPathIsLaidOutWithItsZero(Platform platform, String expected) {
        assertLaidOut(platform, UnixDomainSocketAddress.of("/tmp/d"), expected);
    }

    private void assertLaidOut(Platform platform, SocketAddress address, String expected) {
        for (int i = 0; i < SocketAddresses.BYTES; i++) {
            Memory.putByte(memory + i, (byte) 0xee);
        }
        SocketAddresses layouts = SocketAddresses.of(platform);
        int length = layouts.put(address, memory);
        byte[] bytes = new byte[length];
        Memory.copy(memory, bytes, 0, length);
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(expected);
        assertThat(Memory.getByte(memory + length)).as("the byte behind").isEqualTo((byte) 0xee);
        assertThat(layouts.get(memory, length)).isEqualTo(address);
    }

    @ParameterizedTest
    @EnumSource
    void aPathHasALimit(Platform platform) {
        int room = platform.isLinux() ? 108 : 104;
        SocketAddresses layouts = SocketAddresses.of(platform);
        var longest = UnixDomainSocketAddress.of("/" + "x".repeat(room - 2));
        assertThat(layouts.put(longest, memory)).isEqualTo(room + 2);
        assertThat(layouts.get(memory, room + 2)).isEqualTo(longest);
        var tooLong = UnixDomainSocketAddress.of("/" + "x".repeat(room - 1));
        assertThat(layouts.put(tooLong, memory)).isEqualTo(-Errno.ENAMETOOLONG);
    }

    @ParameterizedTest
    @EnumSource
    void aPathMayEndWithoutItsZero(Platform platform) {
        SocketAddresses layouts = SocketAddresses.of(platform);
        layouts.put(UnixDomainSocketAddress.of("/tmp/door"), memory);
        assertThat(layouts.get(memory, 2 + 6)).isEqualTo(UnixDomainSocketAddress.of("/tmp/d"));
    }

    @Test
    void unnamedAndAbstractAreTheEmptyPath() {
        UnixDomainSocketAddress unnamed = UnixDomainSocketAddress.of("");
        assertThat(SocketAddresses.encode(unnamed, memory)).isEqualTo(2);
        assertThat(SocketAddresses.decode(memory, 2)).isEqualTo(unnamed);
        assertThat(SocketAddresses.decode(memory, 0)).isEqualTo(unnamed);
        Memory.putByte(memory + 3, (byte) 'a');
        assertThat(SocketAddresses.decode(memory, 4)).as("abstract").isEqualTo(unnamed);
    }

    @Test
    void anIpv4PeerOfAnIpv6SocketComesOutAsIpv4() throws UnknownHostException {
        byte[] mapped = HexFormat.of().parseHex("00000000000000000000ffff7f000001");
        var any = new InetSocketAddress(Inet6Address.getByAddress(null, new byte[16], 0), 99);
        assertThat(SocketAddresses.encode(any, memory)).isEqualTo(28);
        Memory.copy(mapped, 0, memory + 8, 16);
        Memory.putInt(memory + 24, 3);
        assertThat(SocketAddresses.decode(memory, 28))
                .isEqualTo(new InetSocketAddress("127.0.0.1", 99));
    }

    @Test
    void theDomainFollowsTheAddress() {
        assertThat(SocketAddresses.domain(new InetSocketAddress("127.0.0.1", 1)))
                .isEqualTo(Sockets.AF_INET);
        assertThat(SocketAddresses.domain(new InetSocketAddress("::1", 1)))
                .isEqualTo(Sockets.AF_INET6);
        assertThat(SocketAddresses.domain(UnixDomainSocketAddress.of("x")))
                .isEqualTo(Sockets.AF_UNIX);
    }

    @Test
    void otherAddressesAreRefused() {
        var unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 1);
        assertThatThrownBy(() -> SocketAddresses.encode(unresolved, memory))
                .isInstanceOf(UnresolvedAddressException.class);
        var strange =
                new SocketAddress() {
                    private static final long serialVersionUID = 1L;
                };
        assertThatThrownBy(() -> SocketAddresses.encode(strange, memory))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SocketAddresses.domain(strange))
                .isInstanceOf(IllegalArgumentException.class);
        Memory.putShort(memory, (short) 99);
        assertThatThrownBy(() -> SocketAddresses.decode(memory, 16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown address family 99");
    }
}
