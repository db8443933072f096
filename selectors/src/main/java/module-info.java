/// Readiness: one selector contract, and one class for each mechanism that waits.
///
/// @since 0.1
@org.jspecify.annotations.NullMarked
module dev.pollux.selectors {
    requires static transitive org.jspecify;
    requires transitive dev.pollux.descriptors;
    requires transitive dev.pollux.libc;

    exports dev.pollux.selectors;
}
