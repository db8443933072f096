package dev.pollux.selectors;

/// What a simulation expects of one registration.
final class Expected {
    /// How far it has got.
    enum State {
        /// A call that is to make it has not come back.
        COMING,
        /// It is there.
        THERE,
        /// It is not there any more.
        GONE
    }

    final int fd;
    final SimulatedFile file;
    State state = State.COMING;

    private final int told;

    /// The wait that was running when it went.
    private int goneDuring;

    Interest interest;

    /// Calls that change it and have not come back.
    private int busy;

    private boolean reportedWhileBusy;

    /// Whether its descriptor was closed without being unregistered.
    boolean orphaned;

    /// Whether a report and a change have crossed: then nobody can say which was first.
    private boolean crossed;

    /// How often it was reported since it was armed.
    private int reports;

    /// The changes of its file when it was armed, and when it was reported last.
    private int armed;

    /// The wait that was running when it was armed, or had run last.
    private int armedDuring;

    private int seen = -1;

    /// @param wait the last wait that has begun
    /// @param told the last wait that has told something, of which nothing concerns this
    Expected(int fd, SimulatedFile file, Interest interest, int wait, int told) {
        this.told = told;
        this.fd = fd;
        this.file = file;
        this.interest = interest;
        this.armed = file.changes();
        this.armedDuring = wait;
    }

    /// A call begins that changes it.
    void begin() {
        reportedWhileBusy &= busy++ > 0;
    }

    /// One has come back.
    void end() {
        busy--;
    }

    /// {@return whether it has come after a wait had told what there was}
    boolean isYoungerThan(int wait) {
        return told == wait;
    }

    void go(int wait) {
        state = State.GONE;
        goneDuring = wait;
    }

    /// {@return whether it has gone before a wait began}
    boolean isGoneBefore(int wait) {
        return state == State.GONE && busy == 0 && goneDuring < wait;
    }

    boolean isBusy() {
        return busy > 0;
    }

    void arm(Interest next, int wait) {
        armedDuring = wait;
        crossed = reportedWhileBusy;

        interest = next;
        reports = 0;
        armed = file.changes();
        seen = reportedWhileBusy ? seen : -1;
    }

    /// It is reported by a wait, which may have found it before it was armed.
    void reported(int wait) {
        reports++;
        reportedWhileBusy |= busy > 0;
        crossed |= busy > 0 || armedDuring >= wait;
        seen = file.changes();
    }

    /// {@return the bits of poll(2) for which it should have been reported by now}
    int owed() {
        if (orphaned || busy > 0 || state != State.THERE) {
            return 0;
        }
        int wanted = PollBits.of(interest.events());
        wanted &= SimulatedFile.IN | SimulatedFile.OUT | SimulatedFile.PRI;
        return switch (interest.trigger()) {
            case LEVEL, EXCLUSIVE -> file.bits() & wanted;
            case EDGE -> file.changed(wanted, seen);
            case ONE_SHOT -> reports == 0 && !crossed ? file.bits() & wanted : 0;
        };
    }

    /// {@return whether it was reported more often than there was a reason to}
    ///
    /// @param filters how many of its kinds may each be told by themselves
    boolean isReportedTooOften(int filters) {
        return switch (interest.trigger()) {
            case LEVEL, EXCLUSIVE -> false;
            case EDGE -> reports > filters * (1 + file.changes() - armed) && !crossed;
            case ONE_SHOT -> reports > 1 && !crossed;
        };
    }

    /// {@return whether a report can be true}
    boolean mayBe(int mask) {
        int recent = file.recent();
        int asked = interest.events();
        boolean unasked =
                (recent & (SimulatedFile.RDHUP | SimulatedFile.HUP | SimulatedFile.ERR)) != 0
                        || ((recent & SimulatedFile.PRI) != 0 && (asked & Selector.PRIORITY) == 0);
        if (unasked || orphaned || busy > 0 || crossed) {
            return true;
        }
        int told = PollBits.kinds(recent);
        return (mask & ~told) == 0;
    }
}
