package dev.pollux.app;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a number on the command line: digits, and nothing else. The JDK takes a sign as well, and
/// the digits of every script, which nobody can tell from a slip.
final class WholeNumber implements ITypeConverter<Integer> {
    /// Given to picocli.
    WholeNumber() {}

    @Override
    public Integer convert(String value) {
        return parse(value, "number", Integer.MAX_VALUE);
    }

    /// {@return the number}
    ///
    /// @param what is said that other words are none of
    /// @param max the largest; the least is 0
    /// @throws TypeConversionException for anything else
    static int parse(String value, String what, int max) {
        try {
            boolean digits = value.chars().allMatch(c -> c >= '0' && c <= '9');
            int number = digits ? Integer.parseInt(value) : -1;
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below, as for a number that is out of range.
        }
        throw new TypeConversionException("'" + value + "' is no " + what + " (0 to " + max + ")");
    }
}
