/// Pollux lab.
package dev.pollux.lab;
