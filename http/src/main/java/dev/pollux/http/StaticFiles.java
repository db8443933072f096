package dev.pollux.http;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Serves the files of a folder to GET and HEAD.
///
/// A folder is answered with its `index.html`; there are no listings. Nothing outside the folder is
/// ever served: not by dots, escapes or symbolic links. Names that begin with a dot are hidden, and
/// so is what is neither a file nor a folder. Large files are sent in pieces as the client takes
/// them.
///
/// Files are opened and read on the connection's own thread: meant for local disks.
public final class StaticFiles implements Handler {
    private static final String INDEX = "index.html";
    private static final Response NOT_FOUND = Response.plain(Status.NOT_FOUND);
    private static final Response FORBIDDEN = Response.plain(Status.FORBIDDEN);

    /// The folder, without symbolic links.
    private final Path root;

    /// How the paths begin that are served: from slash to slash.
    private final String prefix;

    private StaticFiles(Path root, String prefix) {
        this.root = root;
        this.prefix = prefix;
    }

    /// {@return a handler that serves a folder under the path `/`}
    ///
    /// @param folder the folder
    /// @throws IOException when it cannot be read, or is no folder
    public static StaticFiles of(Path folder) throws IOException {
        Path root = folder.toRealPath();
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(folder.toString());
        }
        return new StaticFiles(root, "/");
    }

    /// {@return a handler that serves the same folder under another path}
    ///
    /// @param prefix how the paths begin: from slash to slash
    /// @throws IllegalArgumentException when it does not begin and end with a slash
    public StaticFiles under(String prefix) {
        if (!prefix.startsWith("/") || !prefix.endsWith("/")) {
            throw new IllegalArgumentException("a prefix reaches from slash to slash: " + prefix);
        }
        return new StaticFiles(root, prefix);
    }

    @Override
    public Response handle(Request request) throws IOException {
        if (!request.method().equals("GET") && !request.isHead()) {
            return Response.plain(Status.METHOD_NOT_ALLOWED).withHeader("Allow", "GET, HEAD");
        }
        String path = request.path();
        if (!path.startsWith(prefix)) {
            return NOT_FOUND;
        }
        String relative = path.substring(prefix.length());
        boolean folder = relative.isEmpty() || relative.endsWith("/");
        Path file = isServed(relative) ? find(relative) : null;
        if (file == null) {
            return NOT_FOUND;
        }
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isDirectory()) {
                return folder ? NOT_FOUND : file(request, file, attributes);
            }
            if (!folder) {
                return redirect(request);
            }
            Path index = find(relative + INDEX);
            return index == null
                    ? NOT_FOUND
                    : file(request, index, Files.readAttributes(index, BasicFileAttributes.class));
        } catch (AccessDeniedException _) {
            return FORBIDDEN;
        } catch (NoSuchFileException _) {
            // It went away between two looks.
            return NOT_FOUND;
        }
    }

    /// {@return whether a path may name something here: no empty and no hidden segments}
    private static boolean isServed(String relative) {
        return !relative.startsWith(".")
                && !relative.startsWith("/")
                && !relative.contains("/.")
                && !relative.contains("//");
    }

    /// {@return the file or folder, without symbolic links; null when there is none that may be
    /// seen}
    private @Nullable Path find(String relative) {
        try {
            Path real = root.resolve(relative).toRealPath();
            boolean inside = real.startsWith(root);
            return inside && isServed(root.relativize(real).toString()) ? real : null;
        } catch (IOException | InvalidPathException _) {
            // It does not exist, or may not be looked at: both are 404 to the outside.
            return null;
        }
    }

    private static Response redirect(Request request) {
        String query = request.query();
        String location =
                TargetPath.encode(request.path()) + "/" + (query == null ? "" : "?" + query);
        return Response.redirect(Status.MOVED_PERMANENTLY, location);
    }

    private static Response file(Request request, Path file, BasicFileAttributes attributes)
            throws IOException {
        if (!attributes.isRegularFile()) {
            return NOT_FOUND;
        }
        var validators =
                Validators.of(attributes.size(), attributes.lastModifiedTime().toInstant());
        if (validators.areRefusedBy(request)) {
            return validators.in(Response.plain(Status.PRECONDITION_FAILED));
        }
        if (validators.areKnownTo(request)) {
            return validators.in(Response.of(Status.NOT_MODIFIED));
        }
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            String type = MimeTypes.of(file.getFileName().toString());
            long size = channel.size();
            Response response =
                    switch (wish(request, validators, size)) {
                        case ByteRange.Wish.Whole() ->
                                Response.of(Status.OK, type, new Body.File(channel, 0, size, size));
                        case ByteRange.Wish.Part(ByteRange part) ->
                                Response.of(
                                                Status.PARTIAL_CONTENT,
                                                type,
                                                new Body.File(
                                                        channel, part.from(), part.size(), size))
                                        .withHeader("Content-Range", part.of(size));
                        case ByteRange.Wish.Beyond() -> {
                            channel.close();
                            yield beyond(size);
                        }
                    };
            return validators.in(response).withHeader("Accept-Ranges", "bytes");
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private static ByteRange.Wish wish(Request request, Validators validators, long size) {
        List<String> ranges = request.headers().all("Range");
        boolean part =
                ranges.size() == 1
                        && request.method().equals("GET")
                        && validators.allowPart(request, Instant.now());
        return part ? ByteRange.parse(ranges.getFirst(), size) : new ByteRange.Wish.Whole();
    }

    private static Response beyond(long size) {
        return Response.plain(Status.RANGE_NOT_SATISFIABLE)
                .withHeader("Content-Range", ByteRange.none(size));
    }
}
