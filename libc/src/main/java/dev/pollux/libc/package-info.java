/// Bindings: every call returns what the kernel returns, a value >= 0 or `-errno`.
package dev.pollux.libc;
