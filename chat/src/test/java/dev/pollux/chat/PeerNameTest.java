package dev.pollux.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PeerNameTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1:80",
        "::1, [::1]:80",
        "::, [::]:80",
        "fe80:0:0:1:0:0:0:2, [fe80:0:0:1::2]:80",
        "2001:db8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:80",
        "2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]:80",
        "1:2:3:4:5:6:0:0, [1:2:3:4:5:6::]:80",
    })
    void anAddressIsShownInItsShortestForm(String address, String name)
            throws UnknownHostException {
        var peer = new InetSocketAddress(InetAddress.getByName(address), 80);
        assertThat(PeerName.of(peer)).isEqualTo(name);
    }

    @Test
    void aHostStandsWithoutBrackets() throws UnknownHostException {
        assertThat(PeerName.host(InetAddress.getByName("::1"))).isEqualTo("::1");
        assertThat(PeerName.host(InetAddress.getByName("127.0.0.1"))).isEqualTo("127.0.0.1");
    }

    @Test
    void aUnixDomainPeerHasNone() {
        assertThat(PeerName.of(UnixDomainSocketAddress.of(""))).isEqualTo("local");
    }
}
