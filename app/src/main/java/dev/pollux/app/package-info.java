/// Pollux app.
package dev.pollux.app;
