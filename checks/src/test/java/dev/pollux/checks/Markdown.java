package dev.pollux.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What the rules need of a Markdown file: its headings, its code blocks and where it links to.
///
/// @param file the file
/// @param headings in order
/// @param codeBlocks the text of each fenced block, in order
/// @param links every link target, in order
record Markdown(
        TextFile file, List<Heading> headings, List<CodeBlock> codeBlocks, List<Link> links) {

    private static final Pattern HEADING = Pattern.compile("(#{1,6})\\s+(.*?)\\s*#*");
    private static final Pattern LINK = Pattern.compile("\\]\\(<?([^)\\s>]+)>?[^)]*\\)");
    private static final Pattern FENCE = Pattern.compile("\\s*(```+|~~~+)\\s*(\\w*).*");
    private static final Pattern CODE_SPAN = Pattern.compile("`[^`]*`");

    /// @param level 1 to 6
    record Heading(int level, String text, int line) {
        /// {@return the anchor that code hosts give this heading}
        String anchor() {
            return text.toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}\\s_-]", "")
                    .replaceAll("\\s", "-");
        }
    }

    /// @param language what its opening fence names, or nothing
    /// @param line that of its opening fence
    record CodeBlock(String language, String text, int line) {}

    record Link(String target, int line) {
        boolean isLocal() {
            return !target.matches("[a-z][a-z+.-]*:.*");
        }
    }

    static Markdown parse(TextFile file) {
        var parsed = new Markdown(file, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        String fence = null;
        String language = "";
        int opened = 0;
        for (int line = 1; line <= file.lines().size(); line++) {
            var text = file.lines().get(line - 1);
            var matcher = FENCE.matcher(text);
            if (fence == null && matcher.matches()) {
                fence = matcher.group(1);
                language = matcher.group(2);
                opened = line;
            } else if (fence == null) {
                parsed.prose(text, line);
            } else if (text.strip().equals(fence)) {
                parsed.codeBlocks.add(
                        new CodeBlock(
                                language,
                                String.join("\n", file.lines().subList(opened, line - 1)),
                                opened));
                fence = null;
            }
        }
        return parsed;
    }

    private void prose(String text, int line) {
        var heading = HEADING.matcher(text);
        if (heading.matches()) {
            headings.add(new Heading(heading.group(1).length(), heading.group(2), line));
        }
        LINK.matcher(CODE_SPAN.matcher(text).replaceAll("code"))
                .results()
                .forEach(found -> links.add(new Link(found.group(1), line)));
    }
}
