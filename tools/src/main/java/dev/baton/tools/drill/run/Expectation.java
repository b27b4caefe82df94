package dev.baton.tools.drill.run;

import dev.baton.tools.drill.script.PacketSpec;
import dev.baton.tools.drill.script.Script;

import java.util.ArrayDeque;

/**
 * Waits for a packet that a script expects. When its payload is longer than that of the segment that was sent,
 * further segments are put
 * to it until the lengths match: all but the last of the same payload; the headers are the last one's, number and CWR
 * the first one's.
 */
final class Expectation
{
    private static final long LONGEST_WAIT_US = 2_000_000;

    private final ScriptRun run;
    private final PacketMatcher matcher;
    private final DrillOptions options;
    private final Profile profile;

    Expectation(final ScriptRun run, final PacketMatcher matcher, final DrillOptions options, final Profile profile)
    {
        this.run = run;
        this.matcher = matcher;
        this.options = options;
        this.profile = profile;
    }

    /** Wait for the packet of an event, and compare. */
    void await(final Script.Event event, final PacketSpec spec, final ScriptClock clock, final Flows flows)
    {
        final Flow flow = flows.of(spec);
        final ArrayDeque<WirePacket> sent = spec.body() instanceof PacketSpec.Icmp ? flows.messages() : flow.sent();
        final long dueUs = clock.fromUs() == ScriptClock.ANY ? run.nowUs() : clock.toUs();
        final long untilUs = dueUs + LONGEST_WAIT_US;
        final WirePacket first = next(sent, untilUs, event);
        final WirePacket last = join(event, spec, first, flow, sent, untilUs);
        final String difference = matcher.difference(spec, last, first, flow);
        if (difference != null)
        {
            throw new ScriptFailure(difference, event.text(), text(first, last, flow));
        }
        final boolean pureAck = spec.body() instanceof PacketSpec.Tcp tcp && tcp.length() == 0 && (tcp.flags() & 0x07) == 0;
        final String time = clock.difference(last.us(), pureAck ? profile.ackSlackUs() : 0);
        if (time != null)
        {
            throw new ScriptFailure(time, event.text(), text(first, last, flow));
        }
    }

    private WirePacket join(
        final Script.Event event,
        final PacketSpec spec,
        final WirePacket first,
        final Flow flow,
        final ArrayDeque<WirePacket> sent,
        final long untilUs)
    {
        if (!(spec.body() instanceof PacketSpec.Tcp tcp) || options.strictSegments() || first.fault() != null ||
            first.payloadLength() == 0)
        {
            return first;
        }
        WirePacket last = first;
        int length = first.payloadLength();
        while (length < tcp.length())
        {
            final String wrong = matcher.payloadDifference(last, flow);
            final WirePacket piece = next(sent, untilUs, event);
            if (wrong != null || piece.fault() != null || piece.seq() != last.seq() + last.payloadLength() ||
                last.payloadLength() != first.payloadLength() || piece.payloadLength() > first.payloadLength())
            {
                throw new ScriptFailure(wrong == null ? "the segments do not fit together" : wrong, event.text(),
                    ScriptClock.seconds(piece.us()) + " > " + PacketText.packet(piece, flow));
            }
            length += piece.payloadLength();
            last = piece;
        }
        return last;
    }

    private WirePacket next(final ArrayDeque<WirePacket> sent, final long untilUs, final Script.Event event)
    {
        while (sent.isEmpty() && run.step(untilUs))
        {
            continue;
        }
        final WirePacket packet = sent.poll();
        if (packet == null)
        {
            throw new ScriptFailure("nothing was sent until " + ScriptClock.seconds(untilUs), event.text(), null);
        }
        return packet;
    }

    private static String text(final WirePacket first, final WirePacket last, final Flow flow)
    {
        final String pieces = first == last ? "" : PacketText.packet(first, flow) + " ... ";
        return ScriptClock.seconds(last.us()) + " > " + pieces + PacketText.packet(last, flow);
    }
}
