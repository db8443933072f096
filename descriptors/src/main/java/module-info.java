/// File descriptors as objects: sockets, pipes, terminals, and the kernel's counters, timers and
/// queues that are descriptors.
///
/// @since 0.1
@org.jspecify.annotations.NullMarked
module dev.pollux.descriptors {
    requires static transitive org.jspecify;
    requires transitive dev.pollux.libc;

    exports dev.pollux.descriptors;
}
