/// The C library of Linux and macOS through the foreign function interface: constants, layouts and
/// calls.
///
/// Needs `--enable-native-access=dev.pollux.libc`.
///
/// @since 0.1
@org.jspecify.annotations.NullMarked
module dev.pollux.libc {
    requires static transitive org.jspecify;

    exports dev.pollux.libc;
}
