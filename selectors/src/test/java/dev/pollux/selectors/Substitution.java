package dev.pollux.selectors;

import dev.pollux.libc.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;

/// Makes the classes by which another JVM has a simulated kernel instead of the machine's: where a
/// C function is linked, [SimulatedCalls] is asked what to call instead, and the clock is its
/// clock.
///
/// So nothing in the code under test knows of it, and no call passes through anything that is not
/// there without it: what is linked is a constant either way.
final class Substitution {
    private static final ClassDesc CALLS = SimulatedCalls.class.describeConstable().orElseThrow();
    private static final ClassDesc HANDLE = MethodHandle.class.describeConstable().orElseThrow();
    private static final ClassDesc STRING = ClassDesc.of("java.lang.String");
    private static final ClassDesc LONG = ConstantDescs.CD_long;

    private Substitution() {}

    /// Writes the classes.
    ///
    /// @param folder where they go, to be first on the class path
    static void make(Path folder) throws IOException {
        ClassModel calls = parse(Errno.class, "Downcall");
        MethodModel link = method(calls, "link", 3);
        write(
                folder,
                calls,
                ClassFile.of()
                        .build(
                                calls.thisClass().asSymbol(),
                                made ->
                                        calls.forEach(element -> {
                                            if (element == link) {
                                                renamed(made, link, "linkReally");
                                                linking(made, calls, link);
                                            } else {
                                                made.with(element);
                                            }
                                        })));
        ClassModel poller = parse(Poller.class, "Poller");
        MethodModel time = method(poller, "nanoTime", 0);
        write(
                folder,
                poller,
                ClassFile.of()
                        .build(
                                poller.thisClass().asSymbol(),
                                made ->
                                        poller.forEach(element -> {
                                            if (element == time) {
                                                clock(made, time);
                                            } else {
                                                made.with(element);
                                            }
                                        })));
    }

    private static ClassModel parse(Class<?> neighbour, String name) throws IOException {
        try (InputStream bytes = neighbour.getResourceAsStream(name + ".class")) {
            return ClassFile.of().parse(bytes.readAllBytes());
        }
    }

    private static void write(Path folder, ClassModel original, byte[] bytes) throws IOException {
        Path file = folder.resolve(original.thisClass().asInternalName() + ".class");
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private static MethodModel method(ClassModel type, String name, int parameters) {
        return type.methods().stream()
                .filter(method -> method.methodName().equalsString(name))
                .filter(method -> method.methodTypeSymbol().parameterCount() == parameters)
                .findFirst()
                .orElseThrow(() -> new UncheckedIOException(new IOException("no method " + name)));
    }

    private static void renamed(
            java.lang.classfile.ClassBuilder made, MethodModel method, String name) {
        made.withMethod(
                name,
                method.methodTypeSymbol(),
                method.flags().flagsMask(),
                body -> method.code().ifPresent(body::with));
    }

    /// `return SimulatedCalls.link(symbol, linkReally(symbol, shape, options));`
    private static void linking(
            java.lang.classfile.ClassBuilder made, ClassModel type, MethodModel link) {
        MethodTypeDesc signature = link.methodTypeSymbol();
        made.withMethodBody(
                "link",
                signature,
                link.flags().flagsMask(),
                code ->
                        code.aload(0)
                                .aload(0)
                                .aload(1)
                                .aload(2)
                                .invokestatic(type.thisClass().asSymbol(), "linkReally", signature)
                                .invokestatic(
                                        CALLS, "link", MethodTypeDesc.of(HANDLE, STRING, HANDLE))
                                .return_(TypeKind.REFERENCE));
    }

    /// `return SimulatedCalls.nanoTime();`
    private static void clock(java.lang.classfile.ClassBuilder made, MethodModel time) {
        if (!time.flags().has(AccessFlag.PUBLIC)) {
            throw new AssertionError("an interface's method is public");
        }
        made.withMethodBody(
                "nanoTime",
                time.methodTypeSymbol(),
                time.flags().flagsMask(),
                code -> code.invokestatic(CALLS, "nanoTime", MethodTypeDesc.of(LONG)).lreturn());
    }
}
