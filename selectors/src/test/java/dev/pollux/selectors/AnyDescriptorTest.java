package dev.pollux.selectors;

import static dev.pollux.selectors.DescriptorEnd.check;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.EventfdCalls;
import dev.pollux.libc.InotifyCalls;
import dev.pollux.libc.Memory;
import dev.pollux.libc.PidfdCalls;
import dev.pollux.libc.SignalCalls;
import dev.pollux.libc.SignalfdCalls;
import dev.pollux.libc.TimerfdCalls;
import java.io.FileDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever has a descriptor can be watched: pipes, terminals, counters, timers, signals, folders,
/// processes.
@ParameterizedClass
@EnumSource(value = Bench.class, mode = EnumSource.Mode.EXCLUDE, names = "NIO")
@ExtendWith(LeakCheck.class)
@Timeout(60)
class AnyDescriptorTest {
    private static final Duration NOW = Duration.ZERO;
    private static final long TIOCSPTLCK = 0x4004_5431L;
    private static final long TIOCGPTN = 0x8004_5430L;

    @Parameter Bench bench;

    private Selector<String> selector;

    @BeforeEach
    void open() {
        selector = bench.open();
    }

    @AfterEach
    void close() {
        selector.close();
    }

    private void assertReadable(Object fileobj) throws Exception {
        assertThat(selector.select(Duration.ofSeconds(30)))
                .containsExactly(new Ready<>(selector.key(fileobj), Selector.READ));
    }

    private void assertNothing() throws Exception {
        assertThat(selector.select(NOW)).isEmpty();
    }

    @Test
    void aPipe() throws Exception {
        DescriptorEnd[] pipe = DescriptorEnd.pipe();
        selector.register(pipe[0], Selector.READ);
        assertNothing();
        pipe[1].send("管道");
        assertReadable(pipe[0]);
        assertThat(pipe[0].receive()).isEqualTo("管道");
        assertNothing();
        pipe[0].close();
        pipe[1].close();
    }

    @Test
    void aTerminal() throws Exception {
        int flags = Descriptors.O_RDWR | Descriptors.O_NOCTTY | Descriptors.O_NONBLOCK;
        var master = new DescriptorEnd(Descriptors.open("/dev/ptmx", flags, 0));
        long number = Memory.allocateZeroed(Integer.BYTES);
        check(Descriptors.ioctl(master.fd(), TIOCSPTLCK, number));
        check(Descriptors.ioctl(master.fd(), TIOCGPTN, number));
        String path = "/dev/pts/" + Memory.getInt(number);
        Memory.free(number);
        var terminal = new DescriptorEnd(Descriptors.open(path, flags, 0));
        assertThat(Descriptors.isatty(terminal.fd())).isTrue();

        selector.register(terminal, Selector.READ);
        assertNothing();
        master.send("键盘\n");
        assertReadable(terminal);
        assertThat(terminal.receive()).isEqualTo("键盘\n");
        assertNothing();
        selector.unregister(terminal);
        terminal.close();
        master.close();
    }

    @Test
    void aCounter() throws Exception {
        int counter = check(EventfdCalls.create(0, 0));
        selector.register(counter, Selector.READ);
        assertNothing();
        EventfdCalls.write(counter, 3);
        assertReadable(counter);
        assertThat(EventfdCalls.read(counter)).isEqualTo(3);
        assertNothing();
        Descriptors.close(counter);
    }

    @Test
    void aTimer() throws Exception {
        int timer = check(TimerfdCalls.create());
        selector.register(timer, Selector.READ);
        assertNothing();
        check(TimerfdCalls.settime(timer, 2_000_000, 0));
        assertReadable(timer);
        assertThat(TimerfdCalls.read(timer)).isEqualTo(1);
        assertNothing();
        Descriptors.close(timer);
    }

    @Test
    void aSignal() throws Exception {
        int signal = 44;
        Waiting.in(
                        () -> {
                            check(SignalCalls.block(signal));
                            int signals = check(SignalfdCalls.create(signal));
                            try (ThreadSignal sender = ThreadSignal.toThisThread(signal)) {
                                selector.register(signals, Selector.READ);
                                assertNothing();
                                sender.send();
                                assertReadable(signals);
                                assertThat(SignalfdCalls.read(signals)).isEqualTo(signal);
                                assertNothing();
                                selector.unregister(signals);
                            }
                            return Descriptors.close(signals);
                        })
                .result();
    }

    @Test
    void aFolder(@TempDir Path folder) throws Exception {
        int changes = check(InotifyCalls.init());
        check(InotifyCalls.addWatch(changes, folder.toString(), InotifyCalls.IN_CREATE));
        selector.register(changes, Selector.READ);
        assertNothing();
        Files.createFile(folder.resolve("新文件"));
        assertReadable(changes);

        long events = Memory.allocate(InotifyCalls.EVENT_BYTES_MAX);
        check(InotifyCalls.read(changes, events, InotifyCalls.EVENT_BYTES_MAX));
        assertThat(InotifyCalls.name(events)).isEqualTo("新文件");
        Memory.free(events);
        assertNothing();
        Descriptors.close(changes);
    }

    @Test
    void aProcess() throws Exception {
        Process process =
                new ProcessBuilder("cat")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        int pidfd = check(PidfdCalls.open(process.pid()));
        selector.register(pidfd, Selector.READ);
        assertNothing();
        process.getOutputStream().close();
        assertReadable(pidfd);
        selector.unregister(pidfd);
        assertThat(process.waitFor()).isZero();
        Descriptors.close(pidfd);
    }

    @Test
    void aStandardStream() throws Exception {
        DescriptorEnd[] pipe = DescriptorEnd.pipe();
        DescriptorEnd kept = new DescriptorEnd(Descriptors.dup(2));
        check(Descriptors.dup2(pipe[1].fd(), 2)); // It may be a file, which not all of them take.
        try {
            var key = selector.register(FileDescriptor.err, Selector.WRITE, "err");
            assertThat(key.fd()).isEqualTo(2);
            assertThat(selector.key(2)).isSameAs(key);
            assertThat(selector.unregister(FileDescriptor.err)).isSameAs(key);
        } finally {
            check(Descriptors.dup2(kept.fd(), 2));
        }
        assertThat(FileObjects.fd(FileDescriptor.in)).isZero();
        assertThat(FileObjects.fd(FileDescriptor.out)).isEqualTo(1);
        kept.close();
        pipe[0].close();
        pipe[1].close();
    }

    @Test
    void aPipeThatMightHaveBeenAFile() throws Exception {
        DescriptorEnd[] pipe = DescriptorEnd.pipe();
        var maybe = new MaybeFile(pipe[0].fd());
        selector.register(maybe, Selector.READ);
        assertNothing();
        pipe[1].send("x");
        assertReadable(maybe);
        selector.unregister(maybe);
        pipe[0].close();
        pipe[1].close();
    }
}
