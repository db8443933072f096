package dev.pollux.selectors;

/// A simulation has found that something does not hold.
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    Violation(String what) {
        super(what);
    }
}
