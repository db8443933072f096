/// A chat server for any engine.
package dev.pollux.chat;
