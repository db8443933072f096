/// One protocol on any I/O model: a `Protocol` is told what happened, a `Transport` is what it
/// talks through, an `Engine` runs both on the model that was chosen.
package dev.pollux.engines;
