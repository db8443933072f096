/// Pollux chat.
package dev.pollux.chat;
