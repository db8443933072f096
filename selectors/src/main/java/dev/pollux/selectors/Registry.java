package dev.pollux.selectors;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
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

    /// The one given last.
    private int generation;

    Registry(Poller poller, KeyTable<T> table) {
        this.poller = poller;
        this.table = table;
    }

    SelectorKey<T> add(Object fileobj, int events, Trigger trigger, @Nullable T data)
            throws ErrnoException {
        int fd = claim(fileobj);
        if (table.get(fd) != null) {
            throw new IllegalStateException("already registered: fd " + fd);
        }
        refuseUnsupported(events, trigger);
        generation =
                Math.max(generation + 1, 1); // After 2 thousand million lives, the first again.
        var registration =
                new Registration<>(
                        new SelectorKey<>(fileobj, fd, events, data), generation, trigger);
        table.put(fd, registration);
        int result;
        try {
            result = addToPoller(registration);
        } catch (Throwable t) {
            table.remove(fd);
            throw t;
        }
        if (result < 0) {
            table.remove(fd);
            throw refused(result, registration);
        }
        return registration.key();
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
    SelectorKey<T> change(Object fileobj, int events, Trigger trigger, @Nullable T data)
            throws ErrnoException {
        Registration<T> old = find(fileobj);
        SelectorKey<T> oldKey = old.key();
        boolean armed =
                events == oldKey.events()
                        && trigger == old.trigger()
                        && trigger != Trigger.ONE_SHOT;
        if (armed && Objects.equals(data, oldKey.data())) {
            return oldKey;
        }
        if (!armed) {
            refuseUnsupported(events, trigger);
        }
        var key = new SelectorKey<>(oldKey.fileobj(), oldKey.fd(), events, data);
        var registration = new Registration<>(key, old.generation(), trigger);
        table.put(key.fd(), registration);
        if (!armed) {
            arm(registration, old.trigger());
        }
        return key;
    }

    /// A registration that the kernel did not change as asked is dropped on both sides.
    private void arm(Registration<T> registration, Trigger before) throws ErrnoException {
        SelectorKey<T> key = registration.key();
        int result;
        try {
            result =
                    poller.modify(
                            key.fd(),
                            key.events(),
                            registration.trigger(),
                            registration.generation());
        } catch (Throwable t) {
            drop(key.fd(), t);
            throw t;
        }
        if (result < 0) {
            ErrnoException failure = refused(result, registration, before);
            drop(key.fd(), failure);
            throw failure;
        }
    }

    private void drop(int fd, Throwable cause) {
        table.remove(fd);
        try {
            int _ = poller.remove(fd); // It may not know the descriptor any more.
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private ErrnoException refused(int result, Registration<T> registration) {
        return refused(result, registration, registration.trigger());
    }

    /// To what it does not allow with `EXCLUSIVE`, the kernel's answer is a bare `EINVAL`.
    private ErrnoException refused(int result, Registration<T> registration, Trigger before) {
        boolean exclusive =
                registration.trigger() == Trigger.EXCLUSIVE || before == Trigger.EXCLUSIVE;
        String call =
                exclusive && result == -Errno.EINVAL
                        ? poller.changeCall() + ", EXCLUSIVE (only READ and WRITE, no modify)"
                        : poller.changeCall();
        return new ErrnoException(-result, call, registration.key().fd());
    }

    private void refuseUnsupported(int events, Trigger trigger) {
        boolean plain =
                trigger == Trigger.LEVEL && (events & ~(Selector.READ | Selector.WRITE)) == 0;
        if (!plain) {
            poller.whyNot(events, trigger)
                    .ifPresent(why -> {
                        throw new UnsupportedOperationException(why);
                    });
        }
    }

    /// What the kernel has to say is of no interest: the descriptor may be closed, or closed and
    /// reused.
    SelectorKey<T> remove(Object fileobj) {
        SelectorKey<T> key = find(fileobj).key();
        table.remove(key.fd());
        int _ = poller.remove(key.fd());
        return key;
    }

    /// {@return the registration of a file object; any thread}
    ///
    /// @throws NoSuchElementException if it has none
    /// @throws IllegalArgumentException if it is closed and was not registered
    Registration<T> find(Object fileobj) {
        int fd = lookUp(fileobj);
        Registration<T> registration = table.get(fd);
        if (registration == null) {
            throw new NoSuchElementException("not registered: fd " + fd);
        }
        return registration;
    }

    /// {@return the number of a file object, which for a closed one is what it was registered with;
    /// any thread}
    ///
    /// @throws IllegalArgumentException if it is closed and was not registered
    int lookUp(Object fileobj) {
        int fd;
        try {
            fd = poller.fdOf(fileobj);
        } catch (RuntimeException e) {
            return byIdentity(fileobj).orElseThrow(() -> unusable(fileobj, e));
        }
        return fd >= 0 ? fd : byIdentity(fileobj).orElseThrow(() -> unusable(fileobj, null));
    }

    private int claim(Object fileobj) {
        int fd;
        try {
            fd = poller.claim(fileobj);
        } catch (RuntimeException e) {
            throw unusable(fileobj, e);
        }
        if (fd < 0) {
            throw unusable(fileobj, null);
        }
        return fd;
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

    private static IllegalArgumentException unusable(
            Object fileobj, @Nullable RuntimeException cause) {
        if (cause instanceof IllegalArgumentException told) {
            return told;
        }
        return new IllegalArgumentException("closed, or never a descriptor: " + fileobj, cause);
    }
}
