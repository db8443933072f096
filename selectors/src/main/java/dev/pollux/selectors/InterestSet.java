package dev.pollux.selectors;

import dev.pollux.descriptors.Descriptor;
import dev.pollux.libc.ErrnoException;
import java.io.FileDescriptor;
import java.nio.channels.SelectableChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a [Selector] watches, and for what: the part of it that needs no waiting, for those who
/// only register.
///
/// **File objects.** Most mechanisms watch descriptors: an `int`, a [Descriptor], one of the
/// standard [FileDescriptor]s, a [SelectableChannel] of the JDK's, or a [Process], which is
/// readable once it has ended. The JVM hides the descriptors of its channels: without the option of
/// `java` that the error names, only [Mechanism#NIO] watches them. That one watches nothing else,
/// and only non-blocking ones.
///
/// The number is the identity: an object and its number are the same key. Lookups take the number
/// or, as those of a [Map], any object: the one that was registered, which is found by its own
/// identity if it is closed by now, or an equal in number.
///
/// **Threads.** Any thread may call anything here, also while another waits, and changes take
/// effect in the wait that is running. They take turns, and on [Mechanism#NIO] a `register` may
/// have to wake the waiter and wait until it has left the kernel. [Descriptor#fd] is called before
/// that turn is taken, `equals` of data within it: what it waits for, all others wait for.
///
/// **Errors.** A wrong argument is an [IllegalArgumentException]; a descriptor that is not
/// registered a [java.util.NoSuchElementException], one that is already registered an
/// [IllegalStateException]; a closed selector a [java.nio.channels.ClosedSelectorException]; what
/// this mechanism cannot do an [UnsupportedOperationException], which changes nothing; what the
/// kernel refuses an [ErrnoException], after which the descriptor is not registered. If somebody
/// else has closed the selector's own descriptors, the waiter cannot be told of a change, which is
/// an [IllegalStateException]. So is data that in its `equals` changes the registration it is of.
///
/// @param <T> the type of the data that goes with each key
public sealed interface InterestSet<T> permits Selector {
    /// Ready to be read: bytes, a connection to accept, or the end of input. `EVENT_READ`.
    int READ = 1;

    /// Ready to be written, or a connection attempt is decided. `EVENT_WRITE`.
    int WRITE = 2;

    /// Urgent data or another exceptional condition; only through [Interest].
    int PRIORITY = 4;

    /// The peer has finished sending; there may still be bytes to read. Only through [Interest].
    int READ_CLOSED = 8;

    /// Both directions have ended; there may still be bytes to read. Only through [Interest].
    int HANGUP = 16;

    /// An error is pending, or the descriptor was closed while registered. Only through [Interest].
    int ERROR = 32;

    /// Registers a descriptor without data, level-triggered.
    ///
    /// @param fd the descriptor
    /// @param events [#READ], [#WRITE] or both
    /// @return the key
    /// @throws ErrnoException if the kernel refuses it, as `EBADF` or, on epoll for a regular file,
    ///   `EPERM`
    default SelectorKey<T> register(int fd, int events) throws ErrnoException {
        return register(fd, events, null);
    }

    /// Registers a descriptor, level-triggered.
    ///
    /// @param fd the descriptor
    /// @param events [#READ], [#WRITE] or both
    /// @param data goes with the key
    /// @return the key
    /// @throws ErrnoException if the kernel refuses it, as `EBADF` or, on epoll for a regular file,
    ///   `EPERM`
    default SelectorKey<T> register(int fd, int events, @Nullable T data) throws ErrnoException {
        return register(fd, Interest.ofPair(events), data);
    }

    /// Registers a descriptor.
    ///
    /// @param fd the descriptor
    /// @param interest what to watch it for, and when to report it
    /// @param data goes with the key
    /// @return the key
    /// @throws ErrnoException if the kernel refuses it, as `EBADF` or, on epoll for a regular file,
    ///   `EPERM`
    SelectorKey<T> register(int fd, Interest interest, @Nullable T data) throws ErrnoException;

    /// Registers an object that has a descriptor, without data, level-triggered.
    ///
    /// @param object the object
    /// @param events [#READ], [#WRITE] or both
    /// @return the key
    /// @throws ErrnoException if the kernel refuses it
    default SelectorKey<T> register(Descriptor object, int events) throws ErrnoException {
        return register(object, events, null);
    }

    /// Registers an object that has a descriptor, level-triggered.
    ///
    /// @param object the object
    /// @param events [#READ], [#WRITE] or both
    /// @param data goes with the key
    /// @return the key
    /// @throws ErrnoException if the kernel refuses it
    default SelectorKey<T> register(Descriptor object, int events, @Nullable T data)
            throws ErrnoException {
        return register(object, Interest.ofPair(events), data);
    }

    /// Registers an object that has a descriptor.
    ///
    /// @param object the object
    /// @param interest what to watch it for, and when to report it
    /// @param data goes with the key
    /// @return the key
    /// @throws ErrnoException if the kernel refuses it
    SelectorKey<T> register(Descriptor object, Interest interest, @Nullable T data)
            throws ErrnoException;

    /// Registers standard input, output or error without data, level-triggered.
    ///
    /// @param stream [FileDescriptor#in], `out` or `err`: the others do not tell their number
    /// @param events [#READ], [#WRITE] or both
    /// @return the key
    /// @throws ErrnoException if the kernel refuses it
    default SelectorKey<T> register(FileDescriptor stream, int events) throws ErrnoException {
        return register(stream, events, null);
    }

    /// Registers standard input, output or error, level-triggered.
    ///
    /// @param stream [FileDescriptor#in], `out` or `err`: the others do not tell their number
    /// @param events [#READ], [#WRITE] or both
    /// @param data goes with the key
    /// @return the key
    /// @throws ErrnoException if the kernel refuses it
    default SelectorKey<T> register(FileDescriptor stream, int events, @Nullable T data)
            throws ErrnoException {
        return register(stream, Interest.ofPair(events), data);
    }

    /// Registers standard input, output or error.
    ///
    /// @param stream [FileDescriptor#in], `out` or `err`: the others do not tell their number
    /// @param interest what to watch it for, and when to report it
    /// @param data goes with the key
    /// @return the key
    /// @throws ErrnoException if the kernel refuses it
    SelectorKey<T> register(FileDescriptor stream, Interest interest, @Nullable T data)
            throws ErrnoException;

    /// Registers a channel of the JDK's without data, level-triggered.
    ///
    /// @param channel a channel, which for [Mechanism#NIO] must not block
    /// @param events [#READ], also a connection to accept, [#WRITE], also one that is decided, or
    ///   both
    /// @return the key, whose number is the descriptor, on [Mechanism#NIO] one of the selector's
    ///   own
    /// @throws IllegalArgumentException if the JVM hides the descriptor; the message names the
    ///   option of `java` with which it does not
    /// @throws ErrnoException if the kernel refuses it
    default SelectorKey<T> register(SelectableChannel channel, int events) throws ErrnoException {
        return register(channel, events, null);
    }

    /// Registers a channel of the JDK's, level-triggered.
    ///
    /// @param channel a channel, which for [Mechanism#NIO] must not block
    /// @param events [#READ], also a connection to accept, [#WRITE], also one that is decided, or
    ///   both
    /// @param data goes with the key
    /// @return the key, whose number is the descriptor, on [Mechanism#NIO] one of the selector's
    ///   own
    /// @throws IllegalArgumentException if the JVM hides the descriptor; the message names the
    ///   option of `java` with which it does not
    /// @throws ErrnoException if the kernel refuses it
    default SelectorKey<T> register(SelectableChannel channel, int events, @Nullable T data)
            throws ErrnoException {
        return register(channel, Interest.ofPair(events), data);
    }

    /// Registers a channel of the JDK's.
    ///
    /// @param channel a channel, which for [Mechanism#NIO] must not block
    /// @param interest what to watch it for, and when to report it
    /// @param data goes with the key
    /// @return the key, whose number is the descriptor, on [Mechanism#NIO] one of the selector's
    ///   own
    /// @throws IllegalArgumentException if the JVM hides the descriptor; the message names the
    ///   option of `java` with which it does not
    /// @throws ErrnoException if the kernel refuses it
    SelectorKey<T> register(SelectableChannel channel, Interest interest, @Nullable T data)
            throws ErrnoException;

    /// Registers a process without data, which is readable once it has ended.
    ///
    /// @param process a child
    /// @param events [#READ]
    /// @return the key, whose number is that of a descriptor (`pidfd_open(2)`) which is closed when
    ///   the process is unregistered
    /// @throws ErrnoException if the kernel refuses it: `ESRCH` if the process has ended and was
    ///   reaped by the JVM
    default SelectorKey<T> register(Process process, int events) throws ErrnoException {
        return register(process, events, null);
    }

    /// Registers a process, which is readable once it has ended.
    ///
    /// @param process a child
    /// @param events [#READ]
    /// @param data goes with the key
    /// @return the key, as for [#register(Process, int)]
    /// @throws ErrnoException as for [#register(Process, int)]
    default SelectorKey<T> register(Process process, int events, @Nullable T data)
            throws ErrnoException {
        return register(process, Interest.ofPair(events), data);
    }

    /// Registers a process, which is readable once it has ended. Linux only, and not on
    /// [Mechanism#NIO].
    ///
    /// @param process a child
    /// @param interest what to watch it for, and when to report it
    /// @param data goes with the key
    /// @return the key, as for [#register(Process, int)]
    /// @throws ErrnoException as for [#register(Process, int)]
    SelectorKey<T> register(Process process, Interest interest, @Nullable T data)
            throws ErrnoException;

    /// Changes a registration to other events, level-triggered, and its data to null:
    /// [#modifyEvents(int, int)] keeps both.
    ///
    /// @param fd a registered descriptor
    /// @param events [#READ], [#WRITE] or both
    /// @return the key that holds from now on; the very same one if nothing changes
    /// @throws ErrnoException if the kernel refuses it; the key is then unregistered
    default SelectorKey<T> modify(int fd, int events) throws ErrnoException {
        return modify(fd, events, null);
    }

    /// Changes a registration to other events, level-triggered, and other data. Costs a system call
    /// only if the events or the trigger change.
    ///
    /// @param fd a registered descriptor
    /// @param events [#READ], [#WRITE] or both
    /// @param data goes with the key
    /// @return the key that holds from now on; the very same one if nothing changes
    /// @throws ErrnoException if the kernel refuses it; the key is then unregistered
    default SelectorKey<T> modify(int fd, int events, @Nullable T data) throws ErrnoException {
        return modify(fd, Interest.ofPair(events), data);
    }

    /// Changes a registration. Costs a system call only if the interest changes, or is
    /// [Trigger#ONE_SHOT], which this arms again. What is [Trigger#EXCLUSIVE] cannot change, and
    /// nothing can become so.
    ///
    /// @param fd a registered descriptor
    /// @param interest what to watch it for, and when to report it
    /// @param data goes with the key
    /// @return the key that holds from now on; the very same one if nothing changes
    /// @throws ErrnoException if the kernel refuses it; the key is then unregistered
    SelectorKey<T> modify(int fd, Interest interest, @Nullable T data) throws ErrnoException;

    /// Changes a registration to other events, level-triggered, and its data to null:
    /// [#modifyEvents(Object, int)] keeps both.
    ///
    /// @param fileobj a registered file object
    /// @param events [#READ], [#WRITE] or both
    /// @return the key that holds from now on; the very same one if nothing changes
    /// @throws ErrnoException if the kernel refuses it; the key is then unregistered
    default SelectorKey<T> modify(Object fileobj, int events) throws ErrnoException {
        return modify(fileobj, events, null);
    }

    /// Changes a registration to other events, level-triggered, and other data. Costs a system call
    /// only if the events or the trigger change.
    ///
    /// @param fileobj a registered file object
    /// @param events [#READ], [#WRITE] or both
    /// @param data goes with the key
    /// @return the key that holds from now on; the very same one if nothing changes
    /// @throws ErrnoException if the kernel refuses it; the key is then unregistered
    default SelectorKey<T> modify(Object fileobj, int events, @Nullable T data)
            throws ErrnoException {
        return modify(fileobj, Interest.ofPair(events), data);
    }

    /// Changes a registration, as [#modify(int, Interest, Object)] does.
    ///
    /// @param fileobj a registered file object
    /// @param interest what to watch it for, and when to report it
    /// @param data goes with the key
    /// @return the key that holds from now on; the very same one if nothing changes
    /// @throws ErrnoException if the kernel refuses it; the key is then unregistered
    SelectorKey<T> modify(Object fileobj, Interest interest, @Nullable T data)
            throws ErrnoException;

    /// Changes what a descriptor is watched for, and keeps its data and its trigger. Arms it again
    /// if it is [Trigger#ONE_SHOT]. To change the data alone, register something that can change.
    ///
    /// @param fd a registered descriptor
    /// @param events one or more of the constants of [Selector]
    /// @return the key that holds from now on; the very same one if nothing changes
    /// @throws ErrnoException if the kernel refuses it; the key is then unregistered
    SelectorKey<T> modifyEvents(int fd, int events) throws ErrnoException;

    /// Changes what a file object is watched for, as [#modifyEvents(int, int)] does.
    ///
    /// @param fileobj a registered file object
    /// @param events one or more of the constants of [Selector]
    /// @return the key that holds from now on; the very same one if nothing changes
    /// @throws ErrnoException if the kernel refuses it; the key is then unregistered
    SelectorKey<T> modifyEvents(Object fileobj, int events) throws ErrnoException;

    /// Unregisters a descriptor, which may be closed by now. What the kernel has to say to that is
    /// of no interest: it may be closed, or closed and reused.
    ///
    /// @param fd a registered descriptor
    /// @return the key it had
    SelectorKey<T> unregister(int fd);

    /// Unregisters a file object, which may be closed by now.
    ///
    /// @param fileobj a registered file object
    /// @return the key it had
    SelectorKey<T> unregister(Object fileobj);

    /// {@return the key of a registered descriptor}
    ///
    /// @param fd the descriptor
    SelectorKey<T> key(int fd);

    /// {@return the key of a registered file object}
    ///
    /// @param fileobj the file object
    SelectorKey<T> key(Object fileobj);

    /// {@return the registrations by descriptor: one live, read-only view per selector, which takes
    /// file objects as well as numbers for lookups and is empty after [Selector#close]}
    ///
    /// What was never a file object is not among them; one that is closed by now and was never
    /// registered is an [IllegalArgumentException], since nobody can tell any more.
    Map<Integer, SelectorKey<T>> keys();
}
