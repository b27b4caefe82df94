package dev.baton.tools.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code baton completion bash|zsh}: the script that completes commands and options in a shell. It is the same text for both:
 * picocli's script tells the shells apart when it is sourced.
 */
@Command(name = "completion", description = "Print the completion script of a shell: source <(baton completion bash).")
public final class CompletionCommand implements Callable<Integer>
{
    /** Shells that can be served. */
    public enum Shell
    {
        /** GNU bash. */
        bash,
        /** zsh, through its bashcompinit. */
        zsh
    }

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", defaultValue = "bash", description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private Shell shell;

    @Override
    public Integer call()
    {
        final PrintWriter out = spec.commandLine().getOut();
        out.println(AutoComplete.bash("baton", spec.root().commandLine()));
        out.flush();
        return ExitCodes.OK;
    }
}
