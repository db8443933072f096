/// Experiments on the I/O models.
package dev.pollux.lab;
