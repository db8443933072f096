package dev.pollux.checks;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// A Java source that is in no file.
final class MemorySource extends SimpleJavaFileObject {
    private final String text;

    /// @param path where it would be, with `/` between its parts
    MemorySource(String path, String text) {
        super(URI.create("string:///" + path), Kind.SOURCE);
        this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
    }

    /// {@return what the compiler objects to: errors and warnings} It has this test's class path,
    /// and `options`.
    static List<String> compile(List<? extends JavaFileObject> sources, String... options) {
        var objections = new DiagnosticCollector<JavaFileObject>();
        var words = new ArrayList<>(List.of("-proc:none"));
        words.addAll(List.of(options));
        ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, objections, words, null, sources)
                .call();
        return objections.getDiagnostics().stream()
                .filter(objection -> objection.getKind() != Diagnostic.Kind.NOTE)
                .map(objection -> objection.getLineNumber() + ": " + objection.getMessage(null))
                .toList();
    }
}
