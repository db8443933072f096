package dev.pollux.checks;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import javax.tools.ToolProvider;

/// A Java source as the compiler parses it; nothing is resolved, so nothing else need be there.
///
/// @param file the source
/// @param unit its syntax tree
/// @param positions where in the text each part of the tree stands
record JavaTree(TextFile file, CompilationUnitTree unit, SourcePositions positions) {

    static JavaTree parse(TextFile file) {
        return parse(List.of(file)).getFirst();
    }

    /// {@return a tree for each file, in their order} One compiler parses them all.
    static List<JavaTree> parse(List<TextFile> files) {
        var sources =
                files.stream().map(file -> new MemorySource(file.path(), file.text())).toList();
        var task =
                (JavacTask)
                        ToolProvider.getSystemJavaCompiler()
                                .getTask(null, null, _ -> {}, List.of("-proc:none"), null, sources);
        var trees = new ArrayList<JavaTree>();
        try {
            for (var unit : task.parse()) {
                var positions = Trees.instance(task).getSourcePositions();
                trees.add(new JavaTree(files.get(trees.size()), unit, positions));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return trees;
    }

    int firstLine(Tree tree) {
        return line(positions.getStartPosition(unit, tree));
    }

    int lastLine(Tree tree) {
        return line(positions.getEndPosition(unit, tree));
    }

    private int line(long position) {
        return Math.toIntExact(unit.getLineMap().getLineNumber(position));
    }

    /// {@return what `visitor` reports of this tree}
    List<Violation> violations(Visitor visitor) {
        var found = new ArrayList<Violation>();
        visitor.reports =
                (tree, message) -> found.add(new Violation(file.path(), firstLine(tree), message));
        visitor.source = this;
        visitor.scan(unit, null);
        return found;
    }

    /// Goes through one tree and reports what breaks its rule.
    abstract static class Visitor extends TreePathScanner<Void, Void> {
        private BiConsumer<Tree, String> reports = (_, _) -> {};
        private JavaTree source;

        final void report(Tree tree, String message) {
            reports.accept(tree, message);
        }

        final JavaTree source() {
            return source;
        }
    }
}
