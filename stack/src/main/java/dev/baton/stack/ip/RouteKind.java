package dev.baton.stack.ip;

/** What a {@link Route} does with the packets that it matches; the names are those of {@code ip route}. */
public enum RouteKind
{
    /** They leave by the link. */
    UNICAST,
    /** They vanish silently. */
    BLACKHOLE,
    /** They are refused: host unreachable (ICMP 3/1, ICMPv6 1/3). */
    UNREACHABLE,
    /** They are refused: administratively prohibited (ICMP 3/13, ICMPv6 1/1). */
    PROHIBIT
}
