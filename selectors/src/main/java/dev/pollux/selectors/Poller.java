package dev.pollux.selectors;

import java.util.Map;
import java.util.Optional;

/// What a mechanism must supply, and a test can replace: the kernel's part of a [Selector].
///
/// A poller keeps the interest set and waits. It knows descriptors, event kinds and generations,
/// and decides nothing about keys, deadlines or threads: that is the selector's part.
///
/// **Results.** Operating errors are `-errno`. Whatever an [#add], [#modify] or [#remove] throws is
/// a programming error, which the selector passes on after rolling back.
///
/// **Threads.** [#add], [#modify], [#remove], [#wake] and [#systemCalls] are called by any thread,
/// one at a time (the selector holds a lock), and possibly while another thread is in [#await].
/// [#await], the `ready...` methods and [#drainWake] are called by one thread at a time, the
/// waiter. [#close] is called when nobody is inside and nobody will come again.
///
/// **Changes during a wait.** A change takes effect in the wait that is running. Where the
/// mechanism cannot do that by itself, [#changesNeedWake] says so and the selector ends that wait
/// and starts another.
///
/// **Generations.** The number given with [#add] or [#modify] comes back with each event of that
/// registration. So an event that was on its way when its descriptor was unregistered, closed and
/// reused is recognised. 0 is never given: a poller may use it for its waker.
///
/// **Nothing is allocated** by [#await] and the `ready...` methods, except to grow.
public interface Poller {
    /// {@return the name of the mechanism, in small letters: `epoll`}
    String name();

    /// Begins to watch a descriptor.
    ///
    /// @param fd a descriptor that is not being watched
    /// @param events event kinds of [Selector], which [#whyNot] has not refused
    /// @param trigger when to report them
    /// @param generation comes back with the events; above 0
    /// @return 0 or `-errno`; on an error the descriptor is not watched
    int add(int fd, int events, Trigger trigger, int generation);

    /// Begins to watch what may be a regular file ([MaybeFile]), which is then always ready for
    /// reading and writing. For mechanisms whose kernel sees it otherwise.
    ///
    /// @param fd as for [#add]
    /// @param events as for [#add]
    /// @param trigger as for [#add]
    /// @param generation as for [#add]
    /// @return 0 or `-errno`; on an error the descriptor is not watched
    default int addMaybeFile(int fd, int events, Trigger trigger, int generation) {
        return add(fd, events, trigger, generation);
    }

    /// Changes what a descriptor is watched for, and arms it again if it was [Trigger#ONE_SHOT].
    ///
    /// @param fd a descriptor that is being watched
    /// @param events as for [#add]
    /// @param trigger as for [#add]
    /// @param generation comes back with the events from now on; above 0
    /// @return 0 or `-errno`; on an error the selector removes the descriptor
    int modify(int fd, int events, Trigger trigger, int generation);

    /// Stops watching a descriptor, which may be closed by now, or be another file.
    ///
    /// @param fd a descriptor that was added
    /// @return 0 or `-errno`, after which it is not watched either, as far as the kernel allows. If
    ///   there is no memory for that, it is still watched
    int remove(int fd);

    /// Waits until something is ready, the time is over, [#wake] is called or a signal arrives.
    ///
    /// @param timeoutNanos at least this long unless something happens; 0 asks without waiting, a
    ///   negative time has no end; a mechanism may return 0 early, before a very long time is over
    /// @return how many events there are, 0 for none, or `-errno`, of which `-EINTR` is no error
    int await(long timeoutNanos);

    /// {@return the time by which waits are limited: nanoseconds from any origin, never going back}
    default long nanoTime() {
        return System.nanoTime();
    }

    /// {@return the descriptor of an event of the last [#await]}
    ///
    /// @param index from 0 to below what [#await] has returned
    int readyFd(int index);

    /// {@return the kinds of an event of the last [#await]: constants of [Selector], before any
    /// folding}
    ///
    /// @param index from 0 to below what [#await] has returned
    int readyEvents(int index);

    /// {@return the generation of an event of the last [#await]}
    ///
    /// @param index from 0 to below what [#await] has returned
    int readyGeneration(int index);

    /// {@return the number under which [#await] reports that [#wake] was called; no caller's
    /// descriptor has it}
    int wakeFd();

    /// Ends the running wait, or else the next one: [#await] reports an event of [#wakeFd].
    ///
    /// @return 0 or `-errno`
    int wake();

    /// Takes note that an event of [#wakeFd] has arrived, so that it is not reported again.
    void drainWake();

    /// Gives back every descriptor and all memory. If it throws, as for want of memory, it is
    /// called again some time, and goes on with what is left.
    void close();

    /// {@return why this mechanism cannot watch for something, or nothing if it can}
    ///
    /// @param events event kinds of [Selector]
    /// @param trigger when to report them
    default Optional<String> whyNot(int events, Trigger trigger) {
        return Optional.empty();
    }

    /// {@return whether a change that is made while the waiter sleeps is not seen until it is
    /// woken}
    default boolean changesNeedWake() {
        return false;
    }

    /// {@return the mechanism's own descriptor, or -1 if it has none}
    default int fd() {
        return -1;
    }

    /// {@return the number that stands for an object, or a negative number if the object is closed}
    ///
    /// @param fileobj what a caller wants to register or look up
    /// @throws IllegalArgumentException if this mechanism does not take such an object
    default int fdOf(Object fileobj) {
        return FileObjects.fd(fileobj);
    }

    /// {@return the number under which an object that is about to be added will be known}
    ///
    /// Called under the selector's lock. Differs from what was asked for only where numbers are the
    /// mechanism's own.
    ///
    /// @param fileobj what a caller wants to register
    /// @param fd what [#fdOf] has said, before the lock was taken; 0 or above
    /// @throws IllegalArgumentException if this mechanism does not take such an object
    default int claim(Object fileobj, int fd) {
        return fd;
    }

    /// {@return whether [#await] sleeps in a call of the C library: then it would hold on to the
    /// carrier of a virtual thread, and is not called there but with a time of 0}
    default boolean holdsCarrier() {
        return true;
    }

    /// {@return whether the numbers are the kernel's descriptors, so that other calls may ask about
    /// them}
    default boolean watchesDescriptors() {
        return true;
    }

    /// {@return the call that [#add] and [#modify] make, for messages}
    default String changeCall() {
        return name();
    }

    /// {@return the call that [#await] makes, for messages}
    default String waitCall() {
        return name();
    }

    /// {@return how often this poller has made each system call, by name}
    default Map<String, Long> systemCalls() {
        return Map.of();
    }
}
