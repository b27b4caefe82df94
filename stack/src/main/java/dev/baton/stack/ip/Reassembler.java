package dev.baton.stack.ip;

import dev.baton.stack.IpSettings;
import dev.baton.stack.Packet;
import dev.baton.stack.wire.IcmpHeader;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Puts fragments together (RFC 791, section 3.2; RFC 8200, section 4.5), in whatever order they come.
 * <p>
 * A fragment that overlaps another one loses the whole datagram, fragments yet to come included (RFC 5722; for IPv4
 * too, since no honest sender overlaps); an exact duplicate is dropped alone. A datagram that is not whole 30 s (IPv6:
 * 60 s) after its first fragment came is given up, with a time exceeded if fragment 0 was among them. RFC 1122,
 * section 3.3.2 would have IPv4 wait for 60 s too; Linux does not, since at today's rates identifications come again
 * long before (RFC 6864, section 5.2).
 * <p>
 * Limits: so many datagrams at once, each with a buffer of 64 KB that is allocated at its first use and kept, so many
 * of them from one source, and so many fragments each. At a limit the oldest (of that source) is given up: what has
 * not become whole by now is the least likely to. So {@code ipfrag_max_dist} has nothing left to do. Not thread safe;
 * allocates nothing per packet.
 */
public final class Reassembler
{
    /** How long IPv6 fragments are kept by default (RFC 8200, section 4.5; {@code ip6frag_time}). */
    public static final long TIMEOUT_NS = 60_000_000_000L;
    /** How long IPv4 fragments are kept by default ({@code ipfrag_time}). */
    public static final long TIMEOUT_V4_NS = 30_000_000_000L;
    /** Default limit of datagrams at once. */
    public static final int DEFAULT_DATAGRAMS = 16;
    /** Default limit of fragments of a datagram: 64 KB in the smallest fragments that links in use make. */
    public static final int DEFAULT_FRAGMENTS = 128;

    private static final int CODE_REASSEMBLY_TIME = 1;

    private final IcmpResponder responder;
    private final IpCounters counters;
    private final Reassembly[] datagrams;
    private final int maxPerSource;
    private final long timeoutNs4;
    private final long timeoutNs6;
    private final Packet first = new Packet();
    private int activeCount;

    /**
     * A reassembler with default limits.
     *
     * @param responder that sends time exceeded.
     * @param counters  to count in.
     */
    public Reassembler(final IcmpResponder responder, final IpCounters counters)
    {
        this(responder, counters, DEFAULT_DATAGRAMS, DEFAULT_FRAGMENTS);
    }

    /**
     * A reassembler.
     *
     * @param responder    that sends time exceeded.
     * @param counters     to count in.
     * @param maxDatagrams at once, 1 to 1024; each takes 64 KB.
     * @param maxFragments of a datagram, 2 to 8192.
     * @throws IllegalArgumentException when a limit is out of range.
     */
    public Reassembler(
        final IcmpResponder responder, final IpCounters counters, final int maxDatagrams, final int maxFragments)
    {
        this(responder, counters, maxDatagrams, maxDatagrams, maxFragments, TIMEOUT_V4_NS, TIMEOUT_NS);
    }

    /**
     * A reassembler with the limits of a shard.
     *
     * @param responder that sends time exceeded.
     * @param counters  to count in.
     * @param settings  frozen.
     */
    public Reassembler(final IcmpResponder responder, final IpCounters counters, final IpSettings settings)
    {
        this(responder, counters, settings.maxFragmentedDatagrams(), settings.maxFragmentedPerSource(),
            settings.maxFragments(), settings.fragmentTimeNs(), settings.fragmentTimeV6Ns());
    }

    private Reassembler(
        final IcmpResponder responder,
        final IpCounters counters,
        final int maxDatagrams,
        final int maxPerSource,
        final int maxFragments,
        final long timeoutNs4,
        final long timeoutNs6)
    {
        this.maxPerSource = maxPerSource;
        this.timeoutNs4 = timeoutNs4;
        this.timeoutNs6 = timeoutNs6;
        if (maxDatagrams < 1 || maxDatagrams > 1024 || maxFragments < 2 || maxFragments > 8192)
        {
            throw new IllegalArgumentException("reassembly of " + maxDatagrams + " datagrams of " + maxFragments +
                " fragments is out of range: use 1 to 1024 datagrams of 2 to 8192 fragments");
        }
        this.responder = responder;
        this.counters = counters;
        datagrams = new Reassembly[maxDatagrams];
        for (int i = 0; i < maxDatagrams; i++)
        {
            datagrams[i] = new Reassembly(maxFragments);
        }
    }

    /**
     * Take a fragment in.
     *
     * @param packet         the fragment, its version known; re-pointed at the whole datagram when it completes one.
     * @param version        4 or 6.
     * @param protocol       that is part of the datagram's identity: IPv4's, 0 for IPv6.
     * @param id             identification.
     * @param headersLength  bytes in front of the fragment's data.
     * @param nextHeaderAt   IPv6: offset in the packet of the field that names the fragment header.
     * @param fragmentOffset of the data, in bytes.
     * @param more           do fragments follow?
     * @param nowNs          time of this poll.
     * @return true when the packet is a whole datagram now; valid until the next call.
     */
    boolean add(
        final Packet packet,
        final int version,
        final int protocol,
        final int id,
        final int headersLength,
        final int nextHeaderAt,
        final int fragmentOffset,
        final boolean more,
        final long nowNs)
    {
        final Reassembly datagram = find(packet, version, protocol, id, nowNs);
        if (datagram.isLost())
        {
            return false;
        }
        final int end = fragmentOffset + packet.length() - headersLength;
        final int result = end > Packet.MAX_LENGTH ? Reassembly.CONTRADICTION :
            datagram.add(packet, headersLength, nextHeaderAt, fragmentOffset, more);
        switch (result)
        {
            case Reassembly.COMPLETE:
                release(datagram);
                final boolean whole = datagram.whole(packet);
                counters.increment(whole ? IpCounter.REASM_OKS : IpCounter.REASM_FAILS);
                return whole;
            case Reassembly.OVERLAP:
                counters.increment(IpCounter.REASM_OVERLAPS);
                return lose(datagram);
            case Reassembly.CONTRADICTION:
                return lose(datagram);
            default:
                return false;
        }
    }

    /**
     * When {@link #expire(long)} is due.
     *
     * @return the time; {@link Long#MAX_VALUE} when nothing waits.
     */
    public long nextDeadlineNs()
    {
        long earliest = Long.MAX_VALUE;
        for (int i = 0; activeCount > 0 && i < datagrams.length; i++)
        {
            if (datagrams[i].isActive())
            {
                earliest = Math.min(earliest, datagrams[i].deadlineNs());
            }
        }
        return earliest;
    }

    /**
     * Give up what has waited too long.
     *
     * @param nowNs time of this poll.
     * @return datagrams given up.
     */
    public int expire(final long nowNs)
    {
        int expired = 0;
        for (int i = 0; activeCount > 0 && i < datagrams.length; i++)
        {
            final Reassembly datagram = datagrams[i];
            if (datagram.isActive() && datagram.deadlineNs() <= nowNs)
            {
                release(datagram);
                expired++;
                if (!datagram.isLost())
                {
                    timeExceeded(datagram, nowNs);
                }
            }
        }
        return expired;
    }

    private void timeExceeded(final Reassembly datagram, final long nowNs)
    {
        counters.increment(IpCounter.REASM_TIMEOUT);
        counters.increment(IpCounter.REASM_FAILS);
        if (datagram.first(first))
        {
            final int type = first.version() == 4 ? IcmpHeader.TIME_EXCEEDED : IcmpHeader.TIME_EXCEEDED_V6;
            responder.error(first, type, CODE_REASSEMBLY_TIME, 0, nowNs);
        }
    }

    private Reassembly find(
        final Packet packet, final int version, final int protocol, final int id, final long nowNs)
    {
        Reassembly victim = datagrams[0];
        Reassembly oldestOfSource = null;
        int ofSource = 0;
        for (final Reassembly datagram : datagrams)
        {
            if (datagram.matches(packet, version, protocol, id))
            {
                return datagram;
            }
            if (datagram.isFrom(packet))
            {
                ofSource++;
                oldestOfSource = oldestOfSource == null || datagram.startedNs() < oldestOfSource.startedNs() ?
                    datagram : oldestOfSource;
            }
            final boolean freer = victim.isActive() &&
                (!datagram.isActive() || datagram.startedNs() < victim.startedNs());
            victim = freer ? datagram : victim;
        }
        return begin(ofSource < maxPerSource ? victim : oldestOfSource, packet, version, protocol, id, nowNs);
    }

    private Reassembly begin(
        final Reassembly victim,
        final Packet packet,
        final int version,
        final int protocol,
        final int id,
        final long nowNs)
    {
        if (victim.isActive())
        {
            release(victim);
            if (!victim.isLost())
            {
                counters.increment(IpCounter.REASM_EVICTIONS);
                counters.increment(IpCounter.REASM_FAILS);
            }
        }
        victim.start(version, protocol, id, packet.srcHi(), packet.srcLo(), packet.dstHi(), packet.dstLo(), nowNs,
            nowNs + (version == 4 ? timeoutNs4 : timeoutNs6));
        activeCount++;
        return victim;
    }

    /**
     * Limit of fragments of a datagram.
     *
     * @return a count.
     */
    public int maxFragments()
    {
        return datagrams[0].maxRanges();
    }

    /**
     * Datagrams that are not whole yet, and those that were given up and wait for late fragments, for codecs.
     *
     * @return the one that began first first.
     */
    public List<Reassembly> waiting()
    {
        final List<Reassembly> waiting = new ArrayList<>();
        for (final Reassembly datagram : datagrams)
        {
            if (datagram.isActive())
            {
                waiting.add(datagram);
            }
        }
        waiting.sort(Comparator.comparingLong(Reassembly::startedNs).thenComparing(Reassembly::srcHi)
            .thenComparing(Reassembly::srcLo).thenComparing(Reassembly::dstHi).thenComparing(Reassembly::dstLo)
            .thenComparing(Reassembly::id).thenComparing(Reassembly::protocol));
        return waiting;
    }

    /**
     * A place for a datagram that waited in another reassembler, for codecs; the oldest makes room.
     *
     * @param version    4 or 6.
     * @param protocol   of IPv4; 0 for IPv6.
     * @param id         identification.
     * @param srcHi      source address, upper half.
     * @param srcLo      source address, lower half.
     * @param dstHi      destination address, upper half.
     * @param dstLo      destination address, lower half.
     * @param startedNs  when its first fragment came.
     * @param deadlineNs when it is given up.
     * @return to be filled.
     */
    public Reassembly restore(
        final int version,
        final int protocol,
        final int id,
        final long srcHi,
        final long srcLo,
        final long dstHi,
        final long dstLo,
        final long startedNs,
        final long deadlineNs)
    {
        Reassembly place = datagrams[0];
        for (final Reassembly datagram : datagrams)
        {
            final boolean freer = place.isActive() &&
                (!datagram.isActive() || datagram.startedNs() < place.startedNs());
            place = freer ? datagram : place;
        }
        activeCount += place.isActive() ? 0 : 1;
        place.start(version, protocol, id, srcHi, srcLo, dstHi, dstLo, startedNs, deadlineNs);
        return place;
    }

    private boolean lose(final Reassembly datagram)
    {
        datagram.lose();
        counters.increment(IpCounter.REASM_FAILS);
        return false;
    }

    private void release(final Reassembly datagram)
    {
        datagram.end();
        activeCount--;
    }
}
