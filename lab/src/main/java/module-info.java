/// Load, measurement and the view of a loop at work.
///
/// @since 0.1
@org.jspecify.annotations.NullMarked
module dev.pollux.lab {
    requires static transitive org.jspecify;
    requires transitive dev.pollux.engines;
    requires transitive dev.pollux.http;
    requires transitive dev.pollux.chat;
}
