/// The `pollux` command: it reads the command line and joins the servers to the engines.
///
/// @since 0.1
@org.jspecify.annotations.NullMarked
module dev.pollux.app {
    requires static transitive org.jspecify;
    requires transitive dev.pollux.engines;
    requires transitive dev.pollux.http;
    requires transitive dev.pollux.chat;
    requires transitive dev.pollux.lab;
    requires transitive info.picocli;

    exports dev.pollux.app;

    opens dev.pollux.app to
            info.picocli;
}
