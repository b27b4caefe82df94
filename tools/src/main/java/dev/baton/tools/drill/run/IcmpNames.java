package dev.baton.tools.drill.run;

import java.util.Map;

/** Names of ICMP (RFC 792, RFC 1812) and ICMPv6 (RFC 4443) types and codes, as scripts write them. */
final class IcmpNames
{
    private static final Map<String, Integer> TYPES4 = Map.ofEntries(
        Map.entry("echo_reply", 0), Map.entry("unreachable", 3), Map.entry("source_quench", 4), Map.entry("redirect", 5),
        Map.entry("echo_request", 8), Map.entry("time_exceeded", 11), Map.entry("parameter_problem", 12),
        Map.entry("timestamp_request", 13), Map.entry("timestamp_reply", 14), Map.entry("information_request", 15),
        Map.entry("information_reply", 16), Map.entry("address_mask_request", 17), Map.entry("address_mask_reply", 18));
    private static final Map<String, Integer> UNREACHABLE4 = Map.ofEntries(
        Map.entry("net_unreachable", 0), Map.entry("host_unreachable", 1), Map.entry("protocol_unreachable", 2),
        Map.entry("port_unreachable", 3), Map.entry("frag_needed", 4), Map.entry("source_route_failed", 5),
        Map.entry("net_unknown", 6), Map.entry("host_unknown", 7), Map.entry("source_host_isolated", 8),
        Map.entry("net_prohibited", 9), Map.entry("host_prohibited", 10), Map.entry("net_unreachable_for_tos", 11),
        Map.entry("host_unreachable_for_tos", 12), Map.entry("packet_filtered", 13),
        Map.entry("host_precedence_violation", 14), Map.entry("precedence_cutoff", 15));
    private static final Map<String, Integer> TYPES6 = Map.ofEntries(
        Map.entry("unreachable", 1), Map.entry("packet_too_big", 2), Map.entry("time_exceeded", 3),
        Map.entry("parameter_problem", 4), Map.entry("echo_request", 128), Map.entry("echo_reply", 129));
    private static final Map<String, Integer> UNREACHABLE6 = Map.of("no_route", 0, "admin_prohibited", 1, "not_neighbour", 2,
        "address_unreachable", 3, "port_unreachable", 4);

    private IcmpNames()
    {
    }

    /** The number of a type. */
    static int type(final boolean v4, final String name)
    {
        return number(v4 ? TYPES4 : TYPES6, v4 ? TYPES6 : TYPES4, name, v4 ? "ICMP type" : "ICMPv6 type");
    }

    /** The number of a code of a type; 0 when none is written. */
    static int code(final boolean v4, final String type, final String name)
    {
        if (name == null)
        {
            return 0;
        }
        if (!"unreachable".equals(type))
        {
            return number(Map.of(), Map.of(), name, "code of " + type);
        }
        return number(v4 ? UNREACHABLE4 : UNREACHABLE6, v4 ? UNREACHABLE6 : UNREACHABLE4, name, "code of " + type);
    }

    private static int number(
        final Map<String, Integer> names, final Map<String, Integer> others, final String name, final String what)
    {
        if (Character.isDigit(name.charAt(0)))
        {
            return Integer.parseInt(name);
        }
        final Integer number = names.get(name);
        if (number == null && others.containsKey(name))
        {
            throw new UnsupportedScript(UnsupportedReason.IP_VERSION, name + " is for the other one");
        }
        if (number == null)
        {
            throw new ScriptFailure("'" + name + "' is no " + what + " of this IP version");
        }
        return number;
    }
}
