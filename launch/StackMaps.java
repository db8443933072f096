import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Gives the classes of a library that was compiled for Java 5 the stack maps of Java 7.
///
/// The JVM verifies a class without stack maps by an older, slower way, at every start, and takes
/// none of them into an AOT cache. Nothing but their class file version and their stack maps
/// changes. (The library is picocli; on it hang some 50 ms of each start.)
final class StackMaps {
    /// The last version of class files that may lack stack maps.
    private static final int OLD_VERSION = ClassFile.JAVA_6_VERSION;

    private StackMaps() {}

    /// Rewrites every jar in `folder` that has old classes; the others stay as they are.
    static void addTo(Path folder) throws IOException {
        try (var jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (var jar : jars) {
                if (isOld(jar)) {
                    rewrite(jar);
                }
            }
        }
    }

    private static boolean isOld(Path path) throws IOException {
        try (var jar = new JarFile(path.toFile())) {
            for (var entry : Collections.list(jar.entries())) {
                if (isOld(entry, read(jar, entry))) {
                    return true;
                }
            }
        }
        return false;
    }

    /// The version stands in bytes 4 to 7: minor, then major.
    private static boolean isOld(ZipEntry entry, byte[] bytes) {
        return entry.getName().endsWith(".class")
                && ByteBuffer.wrap(bytes).getShort(6) <= OLD_VERSION;
    }

    private static byte[] read(JarFile jar, ZipEntry entry) throws IOException {
        try (var in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static void rewrite(Path path) throws IOException {
        var rewritten = path.resolveSibling(path.getFileName() + ".new");
        try (var jar = new JarFile(path.toFile());
                var loader = new URLClassLoader(new URL[] {path.toUri().toURL()});
                var out = new ZipOutputStream(Files.newOutputStream(rewritten))) {
            var codec =
                    ClassFile.of(
                            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                            ClassFile.ClassHierarchyResolverOption.of(
                                    ClassHierarchyResolver.ofResourceParsing(loader)
                                            .orElse(ClassHierarchyResolver.defaultResolver())));
            for (var entry : Collections.list(jar.entries())) {
                var bytes = read(jar, entry);
                var copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                out.putNextEntry(copy);
                out.write(isOld(entry, bytes) ? withStackMaps(codec, bytes) : bytes);
                out.closeEntry();
            }
        }
        Files.move(
                rewritten,
                path,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /// {@return the class with stack maps, or as it was if it would not pass the verifier so}
    private static byte[] withStackMaps(ClassFile codec, byte[] bytes) {
        var modern = ClassFileVersion.of(ClassFile.JAVA_7_VERSION, 0);
        var rewritten =
                codec.transformClass(
                        codec.parse(bytes),
                        ClassTransform.transformingMethodBodies(CodeBuilder::with)
                                .andThen(
                                        ClassTransform.dropping(ClassFileVersion.class::isInstance))
                                .andThen(
                                        ClassTransform.endHandler(
                                                builder -> builder.with(modern))));
        return codec.verify(rewritten).isEmpty() ? rewritten : bytes;
    }
}
