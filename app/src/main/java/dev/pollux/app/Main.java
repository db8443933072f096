package dev.pollux.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The `pollux` command line. Each subcommand is a class of its own; this one only names them.
///
/// Exit codes: 0 done, 1 failed, 2 the command line was wrong. What went wrong is one line on
/// standard error.
@Command(
        name = "pollux",
        description = "Every I/O model of the operating system, and the servers that run on them.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        scope = ScopeType.INHERIT)
public final class Main implements Runnable {
    /// In the order in which help lists them.
    private static final List<Class<?>> COMMANDS =
            List.of(
                    ServeCommand.class,
                    ChatCommand.class,
                    WebCommand.class,
                    EchoCommand.class,
                    AnswerCommand.class,
                    ConnectCommand.class,
                    ModelsCommand.class,
                    VersionCommand.class);

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "When something fails, show where.")
    private boolean debug;

    /// Made by picocli and by [#execute].
    Main() {}

    /// Runs one command and leaves the JVM with its exit code.
    ///
    /// @param args the words after `pollux`
    public static void main(String[] args) {
        var out = new PrintWriter(System.out, true, UTF_8);
        var err = new PrintWriter(System.err, true, UTF_8);
        System.exit(execute(out, err, args));
    }

    /// {@return the exit code of the command that `args` names} What it prints goes to the two
    /// writers.
    static int execute(PrintWriter out, PrintWriter err, String... args) {
        var main = new Main();
        var line = new CommandLine(main);
        for (var command : commands(args)) {
            line.addSubcommand(command);
        }
        line.getCommandSpec()
                .usageMessage()
                .footer("The launcher adds: example, build, test, clean, java.");
        line.setOut(out)
                .setErr(err)
                .setDefaultValueProvider(new Environment())
                .registerConverter(Integer.class, new WholeNumber())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false) // A folder may be called @.
                .setParameterExceptionHandler(main::misused)
                .setExecutionExceptionHandler(main::failed);
        int code = main.execute(line, args);
        // One that has failed may leave a stream behind in which another thread is held.
        if (code == CommandLine.ExitCode.OK && out.checkError() && !StandardOutput.isUnread()) {
            err.println("pollux: " + Console.NOT_TAKEN);
            return CommandLine.ExitCode.SOFTWARE;
        }
        return code;
    }

    /// Where the system gives no descriptor, memory or thread, some of the JDK's classes say so by
    /// an [Error].
    private int execute(CommandLine line, String... args) {
        try {
            return line.execute(args);
        } catch (LinkageError | VirtualMachineError e) {
            line.getErr().println("pollux: the JVM cannot go on here: " + root(e));
            showWhere(e, line);
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private static Throwable root(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /// {@return the commands that matter to these words} Reading a command's annotations takes a
    /// good part of a start, so where the first word names one, the others are left out.
    private static List<Class<?>> commands(String[] args) {
        for (var command : COMMANDS) {
            if (args.length > 0 && args[0].equals(name(command))) {
                return List.of(command);
            }
        }
        return COMMANDS;
    }

    private static String name(Class<?> command) {
        var name = command.getSimpleName();
        return name.substring(0, name.length() - "Command".length()).toLowerCase(Locale.ROOT);
    }

    /// `pollux` alone is a question for help, not a command: usage, and exit code 2.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    private int misused(ParameterException failure, String[] args) {
        var command = failure.getCommandLine();
        command.getErr().println("pollux: " + complaint(failure, args));
        if (args.length == 0) {
            command.usage(command.getErr());
        } else {
            var name = command.getCommandSpec().qualifiedName();
            command.getErr().println("Try: ./" + name + " --help");
        }
        return CommandLine.ExitCode.USAGE;
    }

    private String complaint(ParameterException failure, String[] args) {
        if (failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()) {
            var word = "'" + unmatched.getUnmatched().getFirst() + "'";
            return failure.getCommandLine().getParent() == null
                    ? "there is no command " + word
                    : word + " is one word too many";
        }
        return Environment.complaint(failure, args);
    }

    private int failed(Exception failure, CommandLine command, ParseResult parsed) {
        var message =
                failure instanceof IOException && failure.getMessage() != null
                        ? failure.getMessage()
                        : failure.toString();
        command.getErr().println("pollux: " + message);
        showWhere(failure, command);
        return CommandLine.ExitCode.SOFTWARE;
    }

    private void showWhere(Throwable failure, CommandLine command) {
        if (debug) {
            failure.printStackTrace(command.getErr());
        }
    }
}
