package dev.baton.handoff.policy;

import org.agrona.DirectBuffer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses by the path of an HTTP/1.x request: of the prefixes that the path begins with, the longest decides.
 * <p>
 * Settings, for example: {@code /video=back1,/img/=back2,/admin=refuse,*=stay}. A pattern begins with a slash and is
 * compared byte by byte, so {@code /img} is for {@code /images} too, and {@code /img/} is not. Paths are compared as
 * they stand in the request, without decoding; write percent-encoding as the clients do. What is no HTTP/1.x request,
 * or has a head of more than {@link RequestHead#MAX_HEAD_BYTES}, stays.
 */
final class PathPolicy implements HandoffPolicy
{
    static final String NAME = "path";

    private final RequestHead head = new RequestHead();
    private final List<String> nodes;
    private final byte[][] prefixes;
    private final int[] verdicts;
    private final int otherwise;

    PathPolicy(final String settings)
    {
        final PolicyRules rules = PolicyRules.parse(NAME, settings, PathPolicy::fault);
        final List<PolicyRules.Rule> longestFirst = new ArrayList<>(rules.rules());
        longestFirst.sort(Comparator.comparingInt((PolicyRules.Rule rule) -> rule.pattern().length()).reversed());
        nodes = rules.nodes();
        prefixes = new byte[longestFirst.size()][];
        verdicts = new int[longestFirst.size()];
        otherwise = rules.otherwise();
        for (int i = 0; i < prefixes.length; i++)
        {
            prefixes[i] = longestFirst.get(i).pattern().getBytes(StandardCharsets.US_ASCII);
            verdicts[i] = longestFirst.get(i).verdict();
        }
    }

    private static String fault(final String pattern)
    {
        if (pattern.charAt(0) != '/')
        {
            return "does not begin with '/'; write a path, or * for all others";
        }
        for (int i = 0; i < pattern.length(); i++)
        {
            final char c = pattern.charAt(i);
            if (c > 0x7E || !HttpBytes.isTarget(c) || c == '?' || c == '#')
            {
                return "holds a character that no path has; write it percent-encoded";
            }
        }
        return null;
    }

    @Override
    public String name()
    {
        return NAME;
    }

    @Override
    public int nodeCount()
    {
        return nodes.size();
    }

    @Override
    public String nodeName(final int node)
    {
        return nodes.get(node);
    }

    @Override
    public int decide(
        final DirectBuffer prefix, final int offset, final int length, final boolean complete, final PolicyFacts facts)
    {
        final int result = head.parse(prefix, offset, length);
        if (result == RequestHead.COMPLETE)
        {
            return verdict();
        }
        return result == RequestHead.INCOMPLETE && !complete ? NEED_MORE : STAY;
    }

    private int verdict()
    {
        for (int i = 0; i < prefixes.length; i++)
        {
            if (head.target().pathStartsWith(prefixes[i]))
            {
                return verdicts[i];
            }
        }
        return otherwise;
    }
}
