package dev.pollux.descriptors;

import dev.pollux.libc.Descriptors;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// What `open(2)` calls the options that Java has names for.
final class OpenFlags {
    private OpenFlags() {}

    static int of(OpenOption... asked) {
        List<OpenOption> options = List.of(asked);
        boolean appends = options.contains(StandardOpenOption.APPEND);
        boolean writes = appends || options.contains(StandardOpenOption.WRITE);
        boolean reads = !writes || options.contains(StandardOpenOption.READ);
        int flags = writes ? (reads ? Descriptors.O_RDWR : Descriptors.O_WRONLY) : 0;
        for (OpenOption option : options) {
            int flag = flag(option);
            flags |= writes ? flag : 0; // O_RDONLY | O_TRUNC would empty the file.
        }
        return flags | Descriptors.O_NOCTTY;
    }

    private static int flag(OpenOption option) {
        if (!(option instanceof StandardOpenOption standard)) {
            throw new UnsupportedOperationException("no such option of open: " + option);
        }
        return switch (standard) {
            case READ, WRITE -> 0;
            case APPEND -> Descriptors.O_APPEND;
            case TRUNCATE_EXISTING -> Descriptors.O_TRUNC;
            case CREATE -> Descriptors.O_CREAT;
            case CREATE_NEW -> Descriptors.O_CREAT | Descriptors.O_EXCL;
            default -> throw new UnsupportedOperationException("no such option of open: " + option);
        };
    }
}
