/// HTTP as codecs that do no I/O, and the protocol that joins them to an engine.
///
/// @since 0.1
@org.jspecify.annotations.NullMarked
module dev.pollux.http {
    requires static transitive org.jspecify;
    requires transitive dev.pollux.engines;

    exports dev.pollux.http;
}
