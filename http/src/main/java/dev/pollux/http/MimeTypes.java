package dev.pollux.http;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The media types of files, by the ends of their names.
final class MimeTypes {
    private static final String UNKNOWN = "application/octet-stream";

    private static final Map<String, String> TYPES = types();

    private MimeTypes() {}

    private static Map<String, String> types() {
        var types = new HashMap<String, String>();
        add(types, "text/html; charset=utf-8", "html", "htm");
        add(types, "text/css; charset=utf-8", "css");
        add(types, "text/javascript; charset=utf-8", "js", "mjs");
        add(types, "text/plain; charset=utf-8", "txt", "text", "log", "conf", "ini", "toml");
        add(types, "text/plain; charset=utf-8", "java", "c", "h", "py", "sh", "rs", "go");
        add(types, "text/markdown; charset=utf-8", "md", "markdown");
        add(types, "text/csv; charset=utf-8", "csv");
        add(types, "text/tab-separated-values; charset=utf-8", "tsv");
        add(types, "text/calendar; charset=utf-8", "ics");
        add(types, "text/xml; charset=utf-8", "xml", "xsl");
        add(types, "text/yaml; charset=utf-8", "yaml", "yml");
        add(types, "text/vtt; charset=utf-8", "vtt");
        add(types, "application/json", "json", "map");
        add(types, "application/ld+json", "jsonld");
        add(types, "application/manifest+json", "webmanifest");
        add(types, "application/xhtml+xml", "xhtml");
        add(types, "application/rss+xml", "rss");
        add(types, "application/atom+xml", "atom");
        add(types, "application/wasm", "wasm");
        add(types, "application/pdf", "pdf");
        add(types, "application/rtf", "rtf");
        add(types, "application/epub+zip", "epub");
        add(types, "application/zip", "zip");
        add(types, "application/gzip", "gz", "tgz");
        add(types, "application/x-bzip2", "bz2");
        add(types, "application/x-xz", "xz");
        add(types, "application/zstd", "zst");
        add(types, "application/x-tar", "tar");
        add(types, "application/java-archive", "jar");
        add(types, "image/svg+xml", "svg");
        add(types, "image/png", "png");
        add(types, "image/jpeg", "jpg", "jpeg");
        add(types, "image/gif", "gif");
        add(types, "image/webp", "webp");
        add(types, "image/avif", "avif");
        add(types, "image/bmp", "bmp");
        add(types, "image/tiff", "tif", "tiff");
        add(types, "image/x-icon", "ico");
        add(types, "audio/mpeg", "mp3");
        add(types, "audio/ogg", "ogg", "oga", "opus");
        add(types, "audio/wav", "wav");
        add(types, "audio/flac", "flac");
        add(types, "audio/mp4", "m4a");
        add(types, "video/mp4", "mp4", "m4v");
        add(types, "video/webm", "webm");
        add(types, "video/ogg", "ogv");
        add(types, "video/quicktime", "mov");
        add(types, "font/woff", "woff");
        add(types, "font/woff2", "woff2");
        add(types, "font/ttf", "ttf");
        add(types, "font/otf", "otf");
        return Map.copyOf(types);
    }

    private static void add(Map<String, String> types, String type, String... ends) {
        for (String end : ends) {
            types.put(end, type);
        }
    }

    /// {@return the type of a file}
    ///
    /// @param fileName its name, without folders
    static String of(String fileName) {
        int dot = fileName.lastIndexOf('.');
        String end = fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
        return dot < 0 ? UNKNOWN : TYPES.getOrDefault(end, UNKNOWN);
    }
}
