package dev.pollux.selectors;

import dev.pollux.descriptors.Descriptor;
import java.io.FileDescriptor;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/// From the object a caller has to the number the kernel knows.
final class FileObjects {
    private FileObjects() {}

    /// {@return the descriptor of an object, or a negative number if it is closed}
    ///
    /// @throws IllegalArgumentException if the object has no descriptor that Java can tell
    static int fd(Object fileobj) {
        return switch (fileobj) {
            case Descriptor descriptor -> descriptor.fd();
            case Integer number -> number;
            case FileDescriptor standard -> standard(standard);
            case SelectableChannel channel -> ChannelNumbers.fd(channel);
            case Process process ->
                    throw new IllegalArgumentException("not registered: " + name(process));
            default ->
                    throw new IllegalArgumentException(
                            "not a file object: "
                                    + name(fileobj)
                                    + " (an int, a Descriptor, one of the standard FileDescriptors,"
                                    + " a SelectableChannel or a Process)");
        };
    }

    /// {@return whether an object is of a kind that some mechanism watches}
    static boolean isOne(@Nullable Object object) {
        return object instanceof Integer
                || object instanceof Descriptor
                || object instanceof FileDescriptor
                || object instanceof SelectableChannel
                || object instanceof Process;
    }

    /// {@return what an object says it is, for a message, or its class: whatever it throws is not
    /// what the message is about}
    static String name(Object fileobj) {
        try {
            return String.valueOf(fileobj);
        } catch (RuntimeException _) {
            return "an object of " + fileobj.getClass();
        }
    }

    /// The JDK hides the number of any other [FileDescriptor].
    private static int standard(FileDescriptor descriptor) {
        if (!descriptor.valid()) {
            return -1;
        }
        if (descriptor == FileDescriptor.in) {
            return 0;
        }
        if (descriptor == FileDescriptor.out) {
            return 1;
        }
        if (descriptor == FileDescriptor.err) {
            return 2;
        }
        throw new IllegalArgumentException(
                "of java.io.FileDescriptor only in, out and err tell their number");
    }
}
