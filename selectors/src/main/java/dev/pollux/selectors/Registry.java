package dev.pollux.selectors;

import dev.pollux.descriptors.PidFd;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Keeps the table of keys and the kernel's interest set in step, whatever fails.
///
/// The table is changed before the kernel is: the waiter may be told of an event before the
/// changing thread is back from its call. Callers hold the selector's lock, except for lookups.
final class Registry<T> {
    private final Poller poller;
    private final KeyTable<T> table;

    /// The processes that are registered, by the number of the descriptor that was opened for each.
    private final Map<Integer, PidFd> processes = new HashMap<>();

    /// The one given last.
    private int generation;

    Registry(Poller poller, KeyTable<T> table) {
        this.poller = poller;
        this.table = table;
    }

    /// Registers a file object.
    ///
    /// @param asked its number, as [#numberOf] has found it before the lock was taken
    SelectorKey<T> add(Object fileobj, int asked, Interest interest, @Nullable T data)
            throws ErrnoException {
        int fd = poller.claim(fileobj, asked);
        if (table.get(fd) != null) {
            throw new IllegalStateException("already registered: fd " + fd);
        }
        if (fd == poller.wakeFd()) {
            throw new IllegalArgumentException("what the selector itself is woken by: fd " + fd);
        }
        refuseUnsupported(interest);
        if (isBeyondTables(fd)) {
            throw refused(-Errno.EBADF, fd);
        }
        generation =
                Math.max(generation + 1, 1); // After 2 thousand million lives, the first again.
        var key = new SelectorKey<>(fileobj, fd, interest.events(), data);
        var registration = new Registration<>(key, generation, interest.trigger());
        try {
            table.put(fd, registration);
            int result = addToPoller(registration);
            if (result < 0) {
                throw refused(result, fd);
            }
        } catch (Throwable t) {
            table.remove(fd);
            throw t;
        }
        return key;
    }

    /// Registers a process, by a descriptor of its own that lives as long as the registration.
    SelectorKey<T> add(Process process, Interest interest, @Nullable T data) throws ErrnoException {
        if (!poller.watchesDescriptors()) {
            throw new IllegalArgumentException(
                    poller.name() + " watches SelectableChannels, not processes: " + process);
        }
        requireNew(process);
        PidFd pidfd = PidFd.open(process);
        try {
            processes.put(pidfd.fd(), pidfd);
            return add(process, pidfd.fd(), interest, data);
        } catch (Throwable t) {
            forgetProcess(pidfd.fd());
            throw t;
        }
    }

    /// Closes what was opened for a process, if a number stands for one.
    private void forgetProcess(int fd) {
        PidFd pidfd = processes.remove(fd);
        if (pidfd != null) {
            close(pidfd);
        }
    }

    /// Closes what was opened for processes.
    void forgetProcesses() {
        processes.values().forEach(Registry::close);
        processes.clear();
    }

    private static void close(PidFd pidfd) {
        try {
            pidfd.close();
        } catch (ErrnoException _) {
            // Somebody else has closed the number; the others are to be closed all the same.
        }
    }

    /// The table is as long as the highest number, so a number that no process has must not get
    /// there.
    private boolean isBeyondTables(int fd) {
        return fd >= SelectPoller.DESCRIPTORS_MAX
                && poller.watchesDescriptors()
                && !Descriptors.isOpen(fd);
    }

    private int addToPoller(Registration<T> registration) {
        SelectorKey<T> key = registration.key();
        int events = key.events();
        Trigger trigger = registration.trigger();
        return key.fileobj() instanceof MaybeFile
                ? poller.addMaybeFile(key.fd(), events, trigger, registration.generation())
                : poller.add(key.fd(), events, trigger, registration.generation());
    }

    /// {@return the key that holds from now on; the very same one if nothing changes}
    @SuppressWarnings("ReferenceEquality") // an equal one would be a later registration
    SelectorKey<T> change(int fd, Interest interest, @Nullable T data) throws ErrnoException {
        Registration<T> old = find(fd);
        SelectorKey<T> oldKey = old.key();
        boolean armed =
                interest.events() == oldKey.events()
                        && interest.trigger() == old.trigger()
                        && interest.trigger() != Trigger.ONE_SHOT;
        if (armed && Objects.equals(data, oldKey.data())) {
            return oldKey;
        }
        if (table.get(fd) != old) {
            throw new IllegalStateException("changed by equals of its data: fd " + fd);
        }
        if (!armed) {
            refuseUnsupported(interest);
            refuseExclusive(old.trigger(), interest.trigger());
        }
        var key = new SelectorKey<>(oldKey.fileobj(), fd, interest.events(), data);
        var registration = new Registration<>(key, old.generation(), interest.trigger());
        table.put(fd, registration);
        if (!armed) {
            arm(registration);
        }
        return key;
    }

    /// {@return the key that holds from now on, with the trigger and the data of before}
    SelectorKey<T> changeEvents(int fd, int events) throws ErrnoException {
        Registration<T> old = find(fd);
        return change(fd, new Interest(events, old.trigger()), old.key().data());
    }

    /// The kernel takes `EPOLLEXCLUSIVE` with `EPOLL_CTL_ADD` alone (epoll_ctl(2)).
    private static void refuseExclusive(Trigger before, Trigger after) {
        if (before == Trigger.EXCLUSIVE || after == Trigger.EXCLUSIVE) {
            throw new UnsupportedOperationException(
                    "EXCLUSIVE is for registering: nothing can be modified to it or from it");
        }
    }

    /// A registration that the kernel did not change as asked is dropped on both sides.
    private void arm(Registration<T> registration) throws ErrnoException {
        SelectorKey<T> key = registration.key();
        try {
            int result =
                    poller.modify(
                            key.fd(),
                            key.events(),
                            registration.trigger(),
                            registration.generation());
            if (result < 0) {
                throw refused(result, key.fd());
            }
        } catch (Throwable t) {
            drop(key.fd(), t);
            throw t;
        }
    }

    private void drop(int fd, Throwable cause) {
        table.remove(fd);
        try {
            int _ = poller.remove(fd); // It may not know the descriptor any more.
            forgetProcess(fd);
        } catch (Throwable t) {
            cause.addSuppressed(t);
        }
    }

    private ErrnoException refused(int result, int fd) {
        return new ErrnoException(-result, poller.changeCall(), fd);
    }

    private void refuseUnsupported(Interest interest) {
        if (!interest.isPlain()) {
            poller.whyNot(interest.events(), interest.trigger())
                    .ifPresent(why -> {
                        throw new UnsupportedOperationException(why);
                    });
        }
    }

    /// What the kernel has to say is of no interest: the descriptor may be closed, or closed and
    /// reused.
    SelectorKey<T> remove(int fd) {
        Registration<T> registration = find(fd);
        table.remove(fd);
        try {
            int _ = poller.remove(fd);
        } catch (OutOfMemoryError e) {
            table.put(fd, registration); // It is still watched, and would be nobody's.
            throw e;
        }
        forgetProcess(fd);
        return registration.key();
    }

    /// {@return the registration of a number; any thread}
    ///
    /// @throws NoSuchElementException if it has none
    Registration<T> find(int fd) {
        if (fd < 0) {
            throw unusable(fd);
        }
        Registration<T> registration = table.get(fd);
        if (registration == null) {
            throw new NoSuchElementException("not registered: fd " + fd);
        }
        return registration;
    }

    /// {@return the number of a file object, which for a closed one is what it was registered with;
    /// any thread}
    ///
    /// @throws IllegalArgumentException if it is closed and was not registered, or never was one
    int lookUp(Object fileobj) {
        int fd;
        try {
            fd = poller.fdOf(fileobj);
        } catch (RuntimeException e) {
            return byIdentity(fileobj).orElseThrow(() -> e);
        }
        return fd >= 0 ? fd : byIdentity(fileobj).orElseThrow(() -> unusable(fileobj));
    }

    /// {@return the number of a file object that is to be registered; any thread, and without the
    /// lock, as it is the caller's own code that is asked}
    ///
    /// @throws IllegalArgumentException if it is closed, or never was one
    /// @throws IllegalStateException if it is closed, and still registered
    int numberOf(Object fileobj) {
        int fd;
        try {
            fd = poller.fdOf(fileobj);
        } catch (IllegalArgumentException e) {
            requireNew(fileobj);
            throw e;
        }
        if (fd < 0) {
            requireNew(fileobj);
            throw unusable(fileobj);
        }
        return fd;
    }

    private void requireNew(Object fileobj) {
        OptionalInt fd = byIdentity(fileobj);
        if (fd.isPresent()) {
            throw new IllegalStateException("already registered: fd " + fd.getAsInt());
        }
    }

    /// Two closed objects may well be equal: only the very same one is meant.
    @SuppressWarnings("ReferenceEquality")
    private OptionalInt byIdentity(Object fileobj) {
        for (int fd = table.next(0); fd >= 0; fd = table.next(fd + 1)) {
            Registration<T> registration = table.get(fd);
            if (registration != null && registration.key().fileobj() == fileobj) {
                return OptionalInt.of(fd);
            }
        }
        return OptionalInt.empty();
    }

    private static IllegalArgumentException unusable(Object fileobj) {
        return new IllegalArgumentException(
                "closed, or never a descriptor: " + FileObjects.name(fileobj));
    }
}
