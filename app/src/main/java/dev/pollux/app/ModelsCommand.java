package dev.pollux.app;

import dev.pollux.engines.models.IoModel;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `pollux models`: which I/O models this machine offers, and why not the others.
@Command(
        name = "models",
        description = "List the I/O models, and which of them work here.",
        footer = {
            "",
            "N loops are set by --threads, N workers by --pool. Each model that works here can be"
                    + " named with --model; auto is the best of those that wait for many"
                    + " connections at once."
        })
final class ModelsCommand implements Runnable {
    private static final String GAP = "  ";

    /// What the mechanism's name does not tell.
    private static final String INSIDE =
            "nio and nio2 are the JDK's: on Linux both wait with epoll inside, and nio2 hands all"
                    + " that comes from threads of the JDK to ours";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--probe",
            description = "Also print what this kernel can do of what a model needs.")
    private boolean probe;

    @Override
    public void run() {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("MODEL", "FAMILY", "MECHANISM", "THREADS", "HERE"));
        for (var model : IoModel.values()) {
            rows.add(row(model));
        }
        print(rows);
        var out = spec.commandLine().getOut();
        out.println();
        out.println("auto is " + IoModel.choose().model().label());
        out.println(INSIDE);
        if (probe) {
            for (var model : IoModel.values()) {
                printFindings(model);
            }
        }
    }

    private void printFindings(IoModel model) {
        var findings = model.findings();
        if (!findings.isEmpty()) {
            var out = spec.commandLine().getOut();
            out.println();
            out.println(model.label());
            findings.forEach(finding -> out.println(GAP + finding));
        }
    }

    private static List<String> row(IoModel model) {
        return List.of(
                model.label(),
                model.family(),
                model.mechanism(),
                model.threads(),
                model.whyNot().map(why -> "no: " + why).orElse("yes"));
    }

    /// Prints rows of equal length, each column as wide as its widest text, the last as it is.
    private void print(List<List<String>> rows) {
        int last = rows.getFirst().size() - 1;
        int[] widths = new int[last];
        for (var row : rows) {
            for (int column = 0; column < last; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        for (var row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < last; column++) {
                var text = row.get(column);
                line.append(text).repeat(' ', widths[column] - text.length()).append(GAP);
            }
            spec.commandLine().getOut().println(line.append(row.get(last)));
        }
    }
}
