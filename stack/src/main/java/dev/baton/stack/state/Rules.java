package dev.baton.stack.state;

import dev.baton.stack.wire.IpAddress;

/** Rules that many fields share. Each throws a {@link StateException} that names the field. */
final class Rules
{
    private Rules()
    {
    }

    static void range(final String field, final long value, final long low, final long high)
    {
        if (value < low || value > high)
        {
            throw new StateException(field, value, "it must be from " + low + " to " + high);
        }
    }

    static void require(final boolean holds, final String field, final long value, final String rule)
    {
        if (!holds)
        {
            throw new StateException(field, value, rule);
        }
    }

    /** A span from the cut that must be set. */
    static void span(final String field, final long spanNs)
    {
        range(field, spanNs, 1 - Spans.SPAN_LIMIT_NS, Spans.SPAN_LIMIT_NS - 1);
    }

    /** A span from the cut, or none. */
    static void spanOrUnset(final String field, final long spanNs)
    {
        if (spanNs != Spans.UNSET)
        {
            span(field, spanNs);
        }
    }

    /** No bit may be set that has no meaning. */
    static void flags(final long raw, final long known)
    {
        if ((raw & ~known) != 0)
        {
            throw new StateException("flags", "0x" + Long.toHexString(raw), "only the bits 0x" + Long.toHexString(known) +
                " have a meaning in this schema version");
        }
    }

    /** Both ends must be unicast addresses of one family, with ports. */
    static void ends(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        unicast("local", localHi, localLo);
        unicast("remote", remoteHi, remoteLo);
        range("localPort", localPort, 1, 65_535);
        range("remotePort", remotePort, 1, 65_535);
        if (IpAddress.isV4(localHi, localLo) != IpAddress.isV4(remoteHi, remoteLo))
        {
            throw new StateException("remote", IpAddress.toString(remoteHi, remoteLo),
                "it must be of the family of local, " + IpAddress.toString(localHi, localLo));
        }
    }

    private static void unicast(final String field, final long hi, final long lo)
    {
        final boolean multicast = IpAddress.isV4(hi, lo) ? (int)lo >>> 28 >= 0xE : hi >>> 56 == 0xFF;
        if (multicast || (hi | lo) == 0 || IpAddress.isV4(hi, lo) && (int)lo == 0)
        {
            throw new StateException(field, IpAddress.toString(hi, lo), "it must be a unicast address");
        }
    }
}
