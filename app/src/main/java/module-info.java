/// @since 0.1
@org.jspecify.annotations.NullMarked
module dev.pollux.app {
    requires static transitive org.jspecify;
    requires transitive dev.pollux.engines;
    requires transitive dev.pollux.http;
    requires transitive dev.pollux.chat;
    requires transitive dev.pollux.lab;

    exports dev.pollux.app;
}
