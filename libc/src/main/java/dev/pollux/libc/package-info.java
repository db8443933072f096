/// Pollux libc.
package dev.pollux.libc;
