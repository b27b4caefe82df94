package dev.baton.tools.demo;

import dev.baton.tools.demo.ControlChannel.TlsRecord;
import dev.baton.tools.demo.Tap.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * One handoff as a sequence diagram in text, drawn from the captures: time in milliseconds since the SYN, then an arrow
 * between client, front and back. What one side sends without being interrupted is one arrow.
 */
final class Timeline
{
    private static final int CLIENT = 0;
    private static final int FRONT = 1;
    private static final int BACK = 2;
    private static final int GAP = 26;
    private static final int MARGIN = 10;

    private final List<Arrow> arrows = new ArrayList<>();
    private final Handoff handoff;

    /** Something that went from one to another. */
    private static final class Arrow
    {
        private final long timeNs;
        private final int from;
        private final int to;
        private final String text;
        private final boolean plain;
        private int segments = 1;
        private long bytes;

        private Arrow(final long timeNs, final int from, final int to, final String text, final boolean plain,
            final long bytes)
        {
            this.timeNs = timeNs;
            this.from = from;
            this.to = to;
            this.text = text;
            this.plain = plain;
            this.bytes = bytes;
        }

        private String label()
        {
            if (!plain)
            {
                return text;
            }
            return segments == 1 ? text : segments + " segments" + (bytes > 0 ? ", " + bytes + " bytes" : "");
        }
    }

    private Timeline(final Handoff handoff)
    {
        this.handoff = handoff;
    }

    /** The timeline of a handoff that is worth looking at: not too long, IPv4 when there is one. */
    static Timeline of(final Evidence evidence)
    {
        final Handoff chosen = evidence.handoffs().stream()
            .filter(h -> evidence.fetches(h.connection()).size() == 1)
            .min(Comparator
                .comparing((Handoff h) -> !h.connection().vip().isV4())
                .thenComparingLong(h -> Math.abs(evidence.fetches(h.connection()).get(0).bytes() - 65_536)))
            .orElse(null);
        final Timeline timeline = new Timeline(chosen);
        if (chosen != null)
        {
            timeline.segments(evidence.topology().front(), chosen.backNode());
            timeline.control(evidence);
        }
        return timeline;
    }

    private void segments(final String front, final String back)
    {
        final Connection connection = handoff.connection();
        final List<Segment> seen = new ArrayList<>(connection.sent());
        seen.addAll(connection.down(front));
        seen.addAll(connection.forwarded());
        seen.addAll(connection.at(back, Device.TUN, false));
        for (final Segment s : seen)
        {
            final String host = s.tap().host();
            final int from = host.equals(front) ? FRONT : host.equals(back) ? BACK : CLIENT;
            final int to = from == CLIENT || from == FRONT && connection.fromClient(s) ? from + 1 : CLIENT;
            final boolean plain = !s.isSyn() && !s.isSynAck() && !s.isFin() && s.timeNs() > handoff.forwardedNs();
            arrows.add(new Arrow(s.timeNs(), from, to, label(s, from), plain, s.payloadBytes()));
        }
    }

    private static String label(final Segment segment, final int from)
    {
        final String line = segment.firstLine();
        if (line.startsWith("GET ") || line.startsWith("HEAD "))
        {
            return (from == FRONT ? "request, rewritten" : line.substring(0, line.lastIndexOf(' '))) +
                " ack " + Integer.toUnsignedLong(segment.ack());
        }
        if (segment.isSynAck())
        {
            return "SYN/ACK seq " + Integer.toUnsignedLong(segment.seq());
        }
        return segment.isSyn() ? "SYN seq " + Integer.toUnsignedLong(segment.seq()) :
            segment.payloadBytes() == 0 && !segment.isFin() ? "ACK" :
            (segment.isFin() ? "FIN" : "data") + (segment.payloadBytes() > 0 ?
            ", " + segment.payloadBytes() + " bytes" : "");
    }

    private void control(final Evidence evidence)
    {
        final String front = evidence.topology().front();
        final List<ControlChannel> channels = evidence.trace().channels(front, handoff.backNode());
        if (channels.isEmpty())
        {
            return;
        }
        final ControlChannel channel = channels.get(0);
        final TlsRecord request = channel.first(
            front, handoff.requestNs(), handoff.forwardedNs(), ChannelChecks.PING_RECORD_BYTES + 1);
        final TlsRecord answer = request == null ? null : channel.first(
            handoff.backNode(), request.timeNs(), handoff.forwardedNs(), ChannelChecks.PING_RECORD_BYTES + 1);
        final TlsRecord end = channel.first(
            handoff.backNode(), handoff.lastSegmentNs(), Long.MAX_VALUE, ChannelChecks.PING_RECORD_BYTES + 1);
        add(request, FRONT, BACK, "HANDOFF REQUEST");
        add(answer, BACK, FRONT, "HANDOFF ACK");
        add(end, BACK, FRONT, "TERMINATION");
    }

    private void add(final TlsRecord record, final int from, final int to, final String text)
    {
        if (record != null)
        {
            arrows.add(new Arrow(record.timeNs(), from, to, text + " (TLS, " + record.bytes() + " B)", false, 0));
        }
    }

    /** The drawing. */
    List<String> lines()
    {
        final List<String> lines = new ArrayList<>();
        if (handoff == null)
        {
            return lines;
        }
        final StringBuilder heading = new StringBuilder("      ms ");
        place(heading, column(CLIENT) - 3, "client");
        place(heading, column(FRONT) - 2, "front");
        place(heading, column(BACK) - handoff.backNode().length() / 2, handoff.backNode());
        lines.add(heading.toString());
        final long beganNs = handoff.connection().syn().timeNs();
        for (final Arrow arrow : merged())
        {
            lines.add(draw(arrow, (arrow.timeNs - beganNs) / 1e6));
        }
        return lines;
    }

    private List<Arrow> merged()
    {
        arrows.sort(Comparator.comparingLong(a -> a.timeNs));
        final List<Arrow> merged = new ArrayList<>();
        final Arrow[] open = new Arrow[3 * 3];
        for (final Arrow arrow : arrows)
        {
            final int way = 3 * arrow.from + arrow.to;
            if (arrow.plain && open[way] != null)
            {
                open[way].segments++;
                open[way].bytes += arrow.bytes;
                continue;
            }
            if (!arrow.plain)
            {
                Arrays.fill(open, null);
            }
            else
            {
                open[way] = arrow;
            }
            merged.add(arrow);
        }
        return merged;
    }

    private static String draw(final Arrow arrow, final double ms)
    {
        final StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%8.3f ", ms));
        for (int i = CLIENT; i <= BACK; i++)
        {
            place(line, column(i), "|");
        }
        final int left = column(Math.min(arrow.from, arrow.to)) + 1;
        final int right = column(Math.max(arrow.from, arrow.to));
        for (int i = left; i < right; i++)
        {
            place(line, i, "-");
        }
        place(line, arrow.to > arrow.from ? right - 1 : left, arrow.to > arrow.from ? ">" : "<");
        return line + "  " + arrow.label();
    }

    private static int column(final int who)
    {
        return MARGIN + 2 + who * GAP;
    }

    private static void place(final StringBuilder line, final int at, final String text)
    {
        while (line.length() < at + text.length())
        {
            line.append(' ');
        }
        line.replace(at, at + text.length(), text);
    }
}
