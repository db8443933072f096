package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A path that the encoding cannot hold is refused: what would replace its characters is the name
/// of another file.
@Timeout(60)
final class PathBytesTest {
    /// No encoding of file names holds half a character.
    private static final String UNSPEAKABLE = "caf\ud800";

    @RegisterExtension final OpenDescriptors open = new OpenDescriptors();

    @ParameterizedTest
    @CsvSource({
        "US-ASCII, cafe, true",
        "US-ASCII, café, false",
        "US-ASCII, 日志, false",
        "ISO-8859-1, café, true",
        "ISO-8859-1, 日志, false",
        "UTF-8, 日志, true",
    })
    void aPathIsEncodedAsItIsOrNotAtAll(String charset, String path, boolean possible) {
        byte[] bytes = PathBytes.encode(path, Charset.forName(charset));
        if (possible) {
            assertThat(bytes).isEqualTo(path.getBytes(Charset.forName(charset)));
            assertThat(PathBytes.decode(bytes, Charset.forName(charset))).isEqualTo(path);
        } else {
            assertThat(bytes).isNull();
        }
    }

    @Test
    void bytesThatAreNoTextAreNoPath() {
        byte[] bytes = {'a', (byte) 0xe6, (byte) 0x97};
        assertThat(PathBytes.decode(bytes, StandardCharsets.UTF_8)).isNull();
        assertThat(PathBytes.decode(bytes, StandardCharsets.US_ASCII)).isNull();
    }

    @Test
    void anUnspeakablePathOpensNoOtherFile(@TempDir Path directory) {
        int flags = Descriptors.O_WRONLY | Descriptors.O_CREAT | Descriptors.O_TRUNC;
        String path = directory + "/" + UNSPEAKABLE;
        assertThat(Descriptors.open(path, flags, 0600)).isEqualTo(-Errno.EILSEQ);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void anUnspeakablePathIsNotWatched() {
        assumeTrue(Platform.current().isLinux());
        int queue = InotifyCalls.init();
        assertThat(InotifyCalls.addWatch(queue, UNSPEAKABLE, InotifyCalls.IN_CREATE))
                .isEqualTo(-Errno.EILSEQ);
        assertThat(Descriptors.close(queue)).isZero();
    }

    @Test
    void aPathWhoseTextIsNotItsBytesBindsNoOtherFile(@TempDir Path directory) {
        Path undecodable = Path.of(URI.create("file://" + directory + "/%ff"));
        int fd = Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_STREAM, 0);
        assertThat(Sockets.bind(fd, UnixDomainSocketAddress.of(undecodable)))
                .isEqualTo(-Errno.EILSEQ);
        assertThat(Sockets.connect(fd, UnixDomainSocketAddress.of(undecodable)))
                .isEqualTo(-Errno.EILSEQ);
        assertThat(directory).isEmptyDirectory();
        assertThat(Descriptors.close(fd)).isZero();
    }

    /// Who connects from a socket bound there must not make the accepting side throw.
    @Test
    void aPeerWithAnUndecodablePathIsAsGoodAsUnnamed() {
        long sockaddr = Memory.allocateZeroed(SocketAddresses.BYTES);
        byte[] path = {'/', 't', 'm', 'p', '/', (byte) 0xff};
        int length = SocketAddresses.encode(UnixDomainSocketAddress.of("/tmp/x"), sockaddr);
        Memory.copy(path, 0, sockaddr + 2, path.length);
        assertThat(SocketAddresses.decode(sockaddr, length))
                .isEqualTo(UnixDomainSocketAddress.of(""));
        Memory.free(sockaddr);
    }
}
