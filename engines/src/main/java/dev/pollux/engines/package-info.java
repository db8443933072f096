/// Engines, and the protocols and transports they join.
package dev.pollux.engines;
