/// An HTTP server for any engine.
package dev.pollux.http;
