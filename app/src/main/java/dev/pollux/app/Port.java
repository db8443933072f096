package dev.pollux.app;

import picocli.CommandLine.ITypeConverter;

/// Reads a TCP port on the command line: 0 to 65535.
final class Port implements ITypeConverter<Integer> {
    private static final int MAX = 65_535;

    /// Made by picocli.
    Port() {}

    @Override
    public Integer convert(String value) {
        return WholeNumber.parse(value, "port", MAX);
    }
}
