package dev.pollux.app;

import dev.pollux.engines.IoModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `pollux models`: which I/O models this machine offers, and why not the others.
@Command(name = "models", description = "List the I/O models, and which of them work here.")
final class ModelsCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        row("model", "family", "mechanism", "threads", "here");
        for (var model : IoModel.values()) {
            row(
                    model.label(),
                    model.family(),
                    model.mechanism(),
                    model.threads(),
                    model.whyNot().map(why -> "no: " + why).orElse("yes"));
        }
    }

    private void row(String model, String family, String mechanism, String threads, String here) {
        var out = spec.commandLine().getOut();
        out.println(
                "%-16s %-14s %-10s %-18s %s".formatted(model, family, mechanism, threads, here));
    }
}
