package dev.pollux.app;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a TCP port on the command line: 0 to 65535.
final class Port implements ITypeConverter<Integer> {
    private static final int MAX = 65_535;

    /// Made by picocli.
    Port() {}

    @Override
    public Integer convert(String value) {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= MAX) {
                return port;
            }
        } catch (NumberFormatException _) {
            // Said below, as for a number that is out of range.
        }
        throw new TypeConversionException("'" + value + "' is no port (0 to " + MAX + ")");
    }
}
