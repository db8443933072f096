/// The kernel's calls, and nothing else: the only module with native access. Decides nothing.
///
/// @since 0.1
@org.jspecify.annotations.NullMarked
module dev.pollux.libc {
    requires static transitive org.jspecify;
}
