/// Rooms and members, as codecs that do no I/O and a protocol for any engine.
///
/// @since 0.1
@org.jspecify.annotations.NullMarked
module dev.pollux.chat {
    requires static transitive org.jspecify;
    requires transitive dev.pollux.engines;

    exports dev.pollux.chat;
}
