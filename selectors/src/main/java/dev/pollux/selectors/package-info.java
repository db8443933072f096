/// A selector over any file descriptor, with the mechanism chosen by the caller.
package dev.pollux.selectors;
