package dev.baton.stack.state;

import dev.baton.stack.ip.FragmentIds;
import dev.baton.stack.ip.HostLimiter;
import dev.baton.stack.ip.IcmpLimiter;
import dev.baton.stack.state.codec.IcmpLimitsDecoder;
import dev.baton.stack.state.codec.IcmpLimitsEncoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The limits of ICMP errors with the position of their random source, and the identifications of datagrams, as one
 * {@code IcmpLimits} message. Hosts stand in the order of their addresses, since their places depend on the shard's
 * secret. Not thread safe.
 */
public final class LimiterCodec
{
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final IcmpLimitsEncoder encoder = new IcmpLimitsEncoder();
    private final IcmpLimitsDecoder decoder = new IcmpLimitsDecoder();
    private final GroupFrame frame = new GroupFrame();

    /** A codec. */
    public LimiterCodec()
    {
    }

    /**
     * Write limits and identifications.
     *
     * @param limiter with limits for each host and a random source.
     * @param ids     identifications.
     * @param nowNs   the cut.
     * @param buffer  that may have to grow.
     * @param offset  of the message header.
     * @return length of header and message in bytes.
     */
    public int write(
        final IcmpLimiter limiter,
        final FragmentIds ids,
        final long nowNs,
        final MutableDirectBuffer buffer,
        final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
            .creditNs(limiter.creditNs())
            .lastAgeNs(limiter.lastNs() == Long.MIN_VALUE ? Spans.UNSET : nowNs - limiter.lastNs())
            .randomState(limiter.random().state());
        hosts(limiter.hosts(), nowNs);
        ids(ids);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    private void hosts(final HostLimiter hosts, final long nowNs)
    {
        final List<Integer> slots = new ArrayList<>();
        for (int slot = 0; slot < HostLimiter.HOSTS; slot++)
        {
            if (hosts.isUsed(slot))
            {
                slots.add(slot);
            }
        }
        slots.sort(Comparator.comparing((Integer slot) -> hosts.hi(slot)).thenComparing((slot) -> hosts.lo(slot)));
        final IcmpLimitsEncoder.HostsEncoder group = encoder.hostsCount(slots.size());
        for (final int slot : slots)
        {
            group.next()
                .hi(hosts.hi(slot))
                .lo(hosts.lo(slot))
                .hostCreditNs(hosts.creditNs(slot))
                .hostLastAgeNs(nowNs - hosts.lastNs(slot));
        }
    }

    private void ids(final FragmentIds ids)
    {
        int used = 0;
        for (int slot = 0; slot < FragmentIds.COUNTERS; slot++)
        {
            used += ids.counter(slot) == 0 ? 0 : 1;
        }
        final IcmpLimitsEncoder.IdsEncoder group = encoder.idsCount(used);
        for (int slot = 0; slot < FragmentIds.COUNTERS; slot++)
        {
            if (ids.counter(slot) != 0)
            {
                group.next().slot((short)slot).counter(ids.counter(slot));
            }
        }
    }

    /**
     * Read limits and identifications; nothing has changed when they are refused.
     *
     * @param buffer  that holds the message.
     * @param offset  of the message header.
     * @param length  of header and message in bytes.
     * @param nowNs   the cut, on the clock of the shard that reads.
     * @param limiter with limits for each host and a random source.
     * @param ids     identifications.
     * @throws StateException when the bytes are no valid message, or a value cannot be one.
     */
    public void read(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long nowNs,
        final IcmpLimiter limiter,
        final FragmentIds ids)
    {
        check(buffer, offset, length);
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        limiter.restore(decoder.creditNs(),
            decoder.lastAgeNs() == Spans.UNSET ? Long.MIN_VALUE : nowNs - decoder.lastAgeNs());
        limiter.random().state(decoder.randomState());
        limiter.hosts().clear();
        for (final IcmpLimitsDecoder.HostsDecoder host : decoder.hosts())
        {
            limiter.hosts().put(host.hi(), host.lo(), host.hostCreditNs(), nowNs - host.hostLastAgeNs());
        }
        for (int slot = 0; slot < FragmentIds.COUNTERS; slot++)
        {
            ids.counter(slot, 0);
        }
        for (final IcmpLimitsDecoder.IdsDecoder id : decoder.ids())
        {
            ids.counter(id.slot(), id.counter());
        }
    }

    /** Verify a message; nothing changes. */
    void check(final DirectBuffer buffer, final int offset, final int length)
    {
        frame.begin(buffer, offset, length, IcmpLimitsDecoder.TEMPLATE_ID, IcmpLimitsDecoder.BLOCK_LENGTH);
        frame.group("hosts", IcmpLimitsDecoder.HostsDecoder.sbeBlockLength(), HostLimiter.HOSTS);
        frame.group("ids", IcmpLimitsDecoder.IdsDecoder.sbeBlockLength(), FragmentIds.COUNTERS);
        frame.end();
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        Rules.range("creditNs", decoder.creditNs(), 0, Spans.SPAN_LIMIT_NS);
        Rules.spanOrUnset("lastAgeNs", decoder.lastAgeNs());
        for (final IcmpLimitsDecoder.HostsDecoder host : decoder.hosts())
        {
            Rules.range("hosts.hostCreditNs", host.hostCreditNs(), 0, Spans.SPAN_LIMIT_NS);
            Rules.span("hosts.hostLastAgeNs", host.hostLastAgeNs());
        }
    }
}
