/// The `pollux` command: one class per subcommand, read from [Main] down.
package dev.pollux.app;
