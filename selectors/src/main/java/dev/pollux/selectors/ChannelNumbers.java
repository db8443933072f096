package dev.pollux.selectors;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/// The descriptors of the JDK's channels, which the JDK tells nobody outside `java.base` unless it
/// is told to on the command line.
final class ChannelNumbers {
    private static final String PACKAGE = "sun.nio.ch";
    private static final String INTERFACE = PACKAGE + ".SelChImpl";

    /// `int SelChImpl.getFDVal()`, null where it is hidden.
    private static final @Nullable MethodHandle NUMBER = find();

    private ChannelNumbers() {}

    private static @Nullable MethodHandle find() {
        Module base = Object.class.getModule();
        if (!base.isExported(PACKAGE, ChannelNumbers.class.getModule())) {
            return null;
        }
        try {
            return MethodHandles.lookup()
                    .findVirtual(
                            Class.forName(INTERFACE), "getFDVal", MethodType.methodType(int.class))
                    .asType(MethodType.methodType(int.class, SelectableChannel.class));
        } catch (ReflectiveOperationException _) {
            return null; // Another JDK, which has it elsewhere.
        }
    }

    /// {@return the descriptor of a channel, or a negative number if it is closed}
    ///
    /// @throws IllegalArgumentException if the JVM hides it
    static int fd(SelectableChannel channel) {
        if (!channel.isOpen()) {
            return -1;
        }
        if (NUMBER == null) {
            throw new IllegalArgumentException(
                    "the JVM hides the descriptor of %s: start java with %s, or use the nio mechanism"
                            .formatted(FileObjects.name(channel), option()));
        }
        try {
            return (int) NUMBER.invokeExact(channel);
        } catch (ClassCastException _) {
            throw new IllegalArgumentException(
                    "not one of the JDK's own channels: " + FileObjects.name(channel));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("getFDVal declares no exception", t);
        }
    }

    /// {@return the one option of java that lets this see it}
    private static String option() {
        Module here = ChannelNumbers.class.getModule();
        String name = here.isNamed() ? here.getName() : "ALL-UNNAMED";
        return "--add-exports java.base/%s=%s".formatted(PACKAGE, name);
    }
}
