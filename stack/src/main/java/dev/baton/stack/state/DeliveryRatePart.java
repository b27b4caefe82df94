package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.ConnectionDeliveryRateDecoder;
import dev.baton.stack.state.codec.ConnectionDeliveryRateDecoder.RunsDecoder;
import dev.baton.stack.state.codec.ConnectionDeliveryRateEncoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.tcp.DeliveryRate;
import dev.baton.stack.tcp.RunRates;
import dev.baton.stack.tcp.SentLog;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcbAccess;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Part: delivery rate of a connection whose congestion control wants it, with the stamps of every run of the log. */
final class DeliveryRatePart implements ConnectionPart
{
    private static final long MAX_BYTES = 1L << 60;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final ConnectionDeliveryRateEncoder encoder = new ConnectionDeliveryRateEncoder();
    private final ConnectionDeliveryRateDecoder decoder = new ConnectionDeliveryRateDecoder();

    @Override
    public int templateId()
    {
        return ConnectionDeliveryRateDecoder.TEMPLATE_ID;
    }

    @Override
    public int blockLength()
    {
        return ConnectionDeliveryRateDecoder.BLOCK_LENGTH;
    }

    @Override
    public boolean isNeeded(final Tcb tcb)
    {
        return tcb.rate != null;
    }

    @Override
    public int write(final Tcb tcb, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        final DeliveryRate rate = tcb.rate;
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
            .deliveredBytes(rate.deliveredBytes)
            .deliveredAgeNs(nowNs - rate.deliveredAtNs)
            .firstSentAgeNs(nowNs - rate.firstSentAtNs)
            .lostBytes(rate.lostBytes)
            .appLimitedBytes(rate.appLimitedBytes);
        final int first = tcb.sentLog.firstRun();
        final int count = tcb.sentLog.runCount();
        final ConnectionDeliveryRateEncoder.RunsEncoder group = encoder.runsCount(count);
        final RunRates runs = rate.runs;
        for (int i = first; i < first + count; i++)
        {
            group.next()
                .delivered(runs.delivered(i))
                .deliveredAgeNs(Spans.age(runs.deliveredAtNs(i), nowNs))
                .firstSentAgeNs(nowNs - runs.firstSentAtNs(i))
                .lost(runs.lost(i))
                .txInFlight(runs.txInFlightWord(i));
        }
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    @Override
    public void check(final DirectBuffer buffer, final int offset, final int length, final ConnectionDecoder fields)
    {
        final int end = offset + length;
        final int groupAt = offset + MessageHeaderDecoder.ENCODED_LENGTH + blockLength();
        final int groupEnd =
            GroupBounds.check("runs", buffer, groupAt, end, RunsDecoder.sbeBlockLength(), SentLog.MAX_RUNS);
        Rules.require(groupEnd == end, "part length", length, "nothing follows the runs of ConnectionDeliveryRate");
        wrap(buffer, offset);
        Rules.range("deliveredBytes", decoder.deliveredBytes(), 0, MAX_BYTES);
        Rules.span("deliveredAgeNs", decoder.deliveredAgeNs());
        Rules.span("firstSentAgeNs", decoder.firstSentAgeNs());
        Rules.range("lostBytes", decoder.lostBytes(), 0, MAX_BYTES);
        Rules.range("appLimitedBytes", decoder.appLimitedBytes(), 0, MAX_BYTES);
        for (final RunsDecoder run : decoder.runs())
        {
            Rules.range("runs.delivered", run.delivered(), 0, decoder.deliveredBytes());
            Rules.spanOrUnset("runs.deliveredAgeNs", run.deliveredAgeNs());
            Rules.span("runs.firstSentAgeNs", run.firstSentAgeNs());
            Rules.range("runs.lost", run.lost(), 0, decoder.lostBytes());
        }
    }

    @Override
    public void read(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final Tcb tcb,
        final long nowNs,
        final long elapsedNs)
    {
        wrap(buffer, offset);
        TcbAccess.attachCongestion(tcb, nowNs);
        final DeliveryRate rate = tcb.rate;
        Rules.require(rate != null, "part", templateId(),
            "congestion control " + tcb.congestionControl.name() + " has no delivery rate");
        rate.deliveredBytes = decoder.deliveredBytes();
        rate.deliveredAtNs = nowNs - decoder.deliveredAgeNs();
        rate.firstSentAtNs = nowNs - decoder.firstSentAgeNs();
        rate.lostBytes = decoder.lostBytes();
        rate.appLimitedBytes = decoder.appLimitedBytes();
        final RunsDecoder group = decoder.runs();
        Rules.require(group.count() == tcb.sentLog.runCount(), "runs.numInGroup", group.count(),
            "there must be as many as sentRuns, " + tcb.sentLog.runCount());
        int i = tcb.sentLog.firstRun();
        for (final RunsDecoder run : group)
        {
            rate.runs.restore(i, run.delivered(), Spans.since(run.deliveredAgeNs(), nowNs),
                nowNs - run.firstSentAgeNs(), run.lost(), run.txInFlight());
            i++;
        }
    }

    private void wrap(final DirectBuffer buffer, final int offset)
    {
        decoder.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, blockLength(),
            ConnectionDeliveryRateDecoder.SCHEMA_VERSION);
    }
}
