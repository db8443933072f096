/// Pollux http.
package dev.pollux.http;
