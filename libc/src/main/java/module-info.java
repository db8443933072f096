/// @since 0.1
@org.jspecify.annotations.NullMarked
module dev.pollux.libc {
    requires static transitive org.jspecify;

    exports dev.pollux.libc;
}
