/// The I/O models: one protocol, run by any of them.
///
/// @since 0.1
@org.jspecify.annotations.NullMarked
module dev.pollux.engines {
    requires static transitive org.jspecify;
    requires transitive dev.pollux.selectors;
    requires transitive dev.pollux.libc;

    exports dev.pollux.engines;
    exports dev.pollux.engines.models;
}
