package dev.baton.handoff.policy;

import org.agrona.DirectBuffer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Chooses by the host that an HTTP/1.x request asks for, without its port and in whatever case.
 * <p>
 * Settings, for example: {@code www.example.org=back1,*.example.org=back2,[::1]=back1,*=stay}. A pattern is a host, or
 * {@code *.} and a suffix, which is for every host below it, however deep, and not for itself. A host of its own goes
 * before a suffix, a longer suffix before a shorter one. A request without a host is for {@code *}. What is no HTTP/1.x
 * request, or has a head of more than {@link RequestHead#MAX_HEAD_BYTES}, stays.
 */
final class HostPolicy implements HandoffPolicy
{
    static final String NAME = "host";

    private static final String WILDCARD = "*.";

    private final RequestHead head = new RequestHead();
    private final List<String> nodes;
    private final byte[][] hosts;
    private final boolean[] suffix;
    private final int[] verdicts;
    private final int otherwise;

    HostPolicy(final String settings)
    {
        final PolicyRules rules = PolicyRules.parse(NAME, settings.toLowerCase(Locale.ROOT), HostPolicy::fault);
        final List<PolicyRules.Rule> ordered = new ArrayList<>(rules.rules());
        ordered.sort(Comparator
            .comparing((PolicyRules.Rule rule) -> rule.pattern().startsWith(WILDCARD))
            .thenComparing((PolicyRules.Rule rule) -> -rule.pattern().length()));
        nodes = rules.nodes();
        hosts = new byte[ordered.size()][];
        suffix = new boolean[ordered.size()];
        verdicts = new int[ordered.size()];
        otherwise = rules.otherwise();
        for (int i = 0; i < hosts.length; i++)
        {
            final String pattern = ordered.get(i).pattern();
            suffix[i] = pattern.startsWith(WILDCARD);
            hosts[i] = pattern.substring(suffix[i] ? 1 : 0).getBytes(StandardCharsets.US_ASCII);
            verdicts[i] = ordered.get(i).verdict();
        }
    }

    private static String fault(final String pattern)
    {
        final boolean literal = pattern.startsWith("[") && pattern.endsWith("]") && pattern.length() > 2;
        final String bare = literal ? pattern.substring(1, pattern.length() - 1) :
            pattern.startsWith(WILDCARD) ? pattern.substring(WILDCARD.length()) : pattern;
        boolean good = !bare.isEmpty() && !bare.endsWith(".") && bare.indexOf('*') < 0;
        for (int i = 0; good && i < bare.length(); i++)
        {
            final char c = bare.charAt(i);
            good = c < 0x7F && (literal ? HttpBytes.isLiteral(c) : HttpBytes.isRegName(c));
        }
        return good ? null : "is no host; write a name, an address, [an IPv6 address], or *.suffix, without a port";
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
            return verdict(head.host());
        }
        return result == RequestHead.INCOMPLETE && !complete ? NEED_MORE : STAY;
    }

    private int verdict(final HostPort host)
    {
        for (int i = 0; i < hosts.length; i++)
        {
            if (suffix[i] ? host.isBelow(hosts[i]) : host.is(hosts[i]))
            {
                return verdicts[i];
            }
        }
        return otherwise;
    }
}
