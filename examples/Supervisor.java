/// Starts a program, and starts it again a second after it has ended.
///
/// Model: I/O multiplexing (UNP figure 6.3) over a pidfd and a timerfd. Beyond the course notes: a
/// process and the clock are descriptors, too. The arguments are the program's command line.
import dev.pollux.descriptors.PidFd;
import dev.pollux.descriptors.TimerFd;
import dev.pollux.libc.ErrnoException;
import dev.pollux.selectors.Selector;

volatile Process child;

void main(String[] command) throws Exception {
    if (command.length == 0) {
        IO.println("usage: ./pollux example Supervisor PROGRAM [ARG...]");
        System.exit(2);
    }
    try (var timer = TimerFd.open();
            var selector = Selector.<Callback>open()) {
        selector.register(timer, Selector.READ, () -> start(command, selector, timer));
        start(command, selector, timer);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> child.destroy()));
        while (true) {
            for (var ready : selector.select()) {
                ready.key().data().ready();
            }
        }
    }
}

interface Callback {
    void ready() throws Exception;
}

void start(String[] command, Selector<Callback> selector, TimerFd timer) throws Exception {
    timer.stop();
    child = new ProcessBuilder(command).inheritIO().start();
    IO.println("started " + child.pid());
    try {
        var end = PidFd.open(child);
        selector.register(
                end,
                Selector.READ,
                () -> {
                    selector.unregister(end);
                    end.close();
                    ended(timer);
                });
    } catch (ErrnoException e) { // It has ended before anybody could look.
        ended(timer);
    }
}

void ended(TimerFd timer) throws Exception {
    IO.println(child.pid() + " has ended with " + child.waitFor());
    timer.start(Duration.ofSeconds(1)); // Not at once: it may end as soon as it starts.
}
