package dev.pollux.checks;

/// One place that breaks a rule, written so that an editor can jump to it.
///
/// @param path the file, relative to the project's root
/// @param line the line, from 1
/// @param message what is wrong, and what to do instead
record Violation(String path, int line, String message) {
    @Override
    public String toString() {
        return path + ":" + line + ": " + message;
    }
}
