package dev.baton.tools.node;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import java.nio.file.Path;

/** The options that say which node a command talks to; with none of them it is the only one that runs. */
final class NodeSelector
{
    @ArgGroup(exclusive = true)
    private Choice choice;

    NodeSelector()
    {
    }

    /**
     * The run directory of the node.
     *
     * @return of a node, running or not when it was named with {@code --run-dir}.
     */
    Path directory()
    {
        return choice != null && choice.runDirectory != null ?
            choice.runDirectory : NodeFinder.standard().find(choice == null ? null : choice.name);
    }

    /** One of two. */
    static final class Choice
    {
        @Option(names = "--node", paramLabel = "NAME", description = "The node of this name, or LAB/NAME.")
        private String name;

        @Option(names = "--run-dir", paramLabel = "DIR", description = "The node with this run directory.")
        private Path runDirectory;

        Choice()
        {
        }
    }
}
