package dev.baton.tools.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One process that changes a lab: a batch of ip(8), or sysctl(8).
 */
public sealed interface LabStep
{
    /**
     * Program and arguments.
     *
     * @return the program's plain name first.
     */
    List<String> command();

    /**
     * What the program reads.
     *
     * @return its stdin; empty for none.
     */
    String input();

    /**
     * The same, as commands that a person could type.
     *
     * @return one per line.
     */
    List<String> printed();

    /**
     * Commands of ip(8), run by one process.
     *
     * @param namespace where, or empty for the namespace of the caller.
     * @param lines     commands without the word {@code ip}.
     */
    record IpBatch(String namespace, List<String> lines) implements LabStep
    {
        /**
         * Copies the lines.
         */
        public IpBatch
        {
            lines = List.copyOf(lines);
        }

        @Override
        public List<String> command()
        {
            return namespace.isEmpty() ? List.of("ip", "-batch", "-") : List.of("ip", "-n", namespace, "-batch", "-");
        }

        @Override
        public String input()
        {
            return String.join("\n", lines) + "\n";
        }

        @Override
        public List<String> printed()
        {
            final String prefix = namespace.isEmpty() ? "ip " : "ip -n " + namespace + " ";
            return lines.stream().map(prefix::concat).toList();
        }
    }

    /**
     * Kernel settings of one namespace, written by one process.
     *
     * @param namespace where.
     * @param settings  {@code name=value}, in this order.
     */
    record Sysctl(String namespace, List<String> settings) implements LabStep
    {
        /**
         * Copies the settings.
         */
        public Sysctl
        {
            settings = List.copyOf(settings);
        }

        @Override
        public List<String> command()
        {
            final List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", namespace, "sysctl", "-q", "-w"));
            words.addAll(settings);
            return words;
        }

        @Override
        public String input()
        {
            return "";
        }

        @Override
        public List<String> printed()
        {
            return Stream.of(command()).map(words -> String.join(" ", words)).toList();
        }
    }
}
