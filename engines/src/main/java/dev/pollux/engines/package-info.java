/// Pollux engines.
package dev.pollux.engines;
