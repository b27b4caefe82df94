package dev.baton.tools.node;

import dev.baton.tools.cli.BatonCommand;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Output;
import dev.baton.tools.cli.Table;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code baton conn ls}: the connections of a node, as ss(8) shows those of the kernel. */
@Command(
    name = "ls",
    description = "List the connections of a node, half-open ones and those in TIME-WAIT included.",
    footer = "Filters are those of ss(8): state NAME, exclude NAME; NAME may be all, connected, synchronized.")
public final class ConnLsCommand extends BatonCommand
{
    @Mixin
    private NodeSelector node;

    @Option(names = {"-i", "--info"}, description = "What TCP knows of each, under ss(8)'s names.")
    private boolean info;

    @Option(names = {"-a", "--all"}, description = "Listeners too.")
    private boolean all;

    @ArgGroup(exclusive = true)
    private Family family;

    @Parameters(paramLabel = "FILTER", arity = "0..*", description = "Which connections.")
    private List<String> filter = new ArrayList<>();

    /** The verb. */
    public ConnLsCommand()
    {
    }

    @Override
    protected int run(final Output output)
    {
        final ConnFilter wanted;
        try
        {
            final List<String> words = all && filter.isEmpty() ? List.of("state", "all") : filter;
            wanted = ConnFilter.parse(words, family == null ? 0 : family.v4 ? 4 : 6);
        }
        catch (final IllegalArgumentException ex)
        {
            throw usage(ex.getMessage());
        }
        final Map<String, Object> answer = AdminClient.ask(node.directory(), AdminCommands.CONN_LS, Map.of());
        final List<Map<?, ?>> connections = wanted.pick(answer.get("connections"));
        final List<Map<?, ?>> listeners = wanted.pick(answer.get("listeners"));
        print(output, listeners, connections, (List<?>)answer.get("entries"));
        final Map<String, Object> document = new TreeMap<>(answer);
        document.put("connections", connections);
        document.put("listeners", listeners);
        output.document(document);
        return ExitCodes.OK;
    }

    private void print(
        final Output output,
        final List<Map<?, ?>> listeners,
        final List<Map<?, ?>> connections,
        final List<?> entries)
    {
        final Table table = new Table("State", "Recv-Q", "Send-Q", "Local", "Peer", "Owner", "Epoch", "Phase");
        listeners.forEach((line) ->
            table.row(line.get("state"), 0, 0, line.get("local") + ":" + line.get("local_port"), "*:*", "-", "-", "-"));
        connections.forEach((line) -> table.row(
            line.get("state"), line.get("recv_q"), line.get("send_q"), endpoint(line, "local"), endpoint(line, "peer"),
            line.get("owner"), line.get("epoch"), line.get("phase")));
        for (final Object entry : filter.isEmpty() ? entries : List.of())
        {
            final Map<?, ?> line = (Map<?, ?>)entry;
            table.row(line.get("role"), "-", "-", endpoint(line, "local"), endpoint(line, "peer"),
                line.get("owner"), line.get("epoch"), line.get("phase"));
        }
        final List<String> lines = table.lines();
        for (int i = 0; i < lines.size(); i++)
        {
            output.line(lines.get(i));
            final int connection = i - 1 - listeners.size();
            if (info && connection >= 0 && connection < connections.size())
            {
                output.line("\t " + infoLine((Map<?, ?>)connections.get(connection).get("info")));
            }
        }
    }

    private static String endpoint(final Map<?, ?> line, final String which)
    {
        final String address = String.valueOf(line.get(which));
        return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + line.get(which + "_port");
    }

    private static String infoLine(final Map<?, ?> info)
    {
        final StringBuilder text = new StringBuilder();
        flag(text, info, "ts");
        flag(text, info, "sack");
        text.append(info.get("congestion"));
        if (Boolean.TRUE.equals(info.get("wscale")))
        {
            text.append(" wscale:").append(info.get("snd_wscale")).append(',').append(info.get("rcv_wscale"));
        }
        text.append(" rto:").append(milliseconds(info, "rto_us"));
        text.append(" rtt:").append(milliseconds(info, "rtt_us")).append('/').append(milliseconds(info, "rttvar_us"));
        for (final String key : new String[]{"mss", "pmtu", "rcvmss", "advmss", "cwnd", "ssthresh", "bytes_sent",
            "bytes_retrans", "bytes_received", "segs_out", "segs_in", "retrans", "unacked_bytes", "snd_wnd", "rcv_wnd"})
        {
            text.append(' ').append(key).append(':').append(info.get(key));
        }
        text.append(" minrtt:").append(milliseconds(info, "minrtt_us"));
        return text.toString();
    }

    private static void flag(final StringBuilder text, final Map<?, ?> info, final String key)
    {
        if (Boolean.TRUE.equals(info.get(key)))
        {
            text.append(key).append(' ');
        }
    }

    private static String milliseconds(final Map<?, ?> info, final String key)
    {
        final long us = info.get(key) instanceof Long value ? value : 0;
        return us % 1_000 == 0 ? String.valueOf(us / 1_000) : us / 1_000 + "." + String.format("%03d", us % 1_000);
    }

    /** One family only. */
    static final class Family
    {
        @Option(names = {"-4", "--ipv4"}, description = "IPv4 only.")
        private boolean v4;

        @Option(names = {"-6", "--ipv6"}, description = "IPv6 only.")
        private boolean v6;

        Family()
        {
        }
    }
}
