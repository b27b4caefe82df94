package dev.baton.stack.tcp;

import dev.baton.stack.wire.TcpHeader;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The fields of a segment with their edge values, those of sequence numbers relative to where the flow stands. */
final class SegmentEdges
{
    /** A value of a field, set in a draft. */
    interface Edge
    {
        void set(Draft draft, Numbers numbers);
    }

    /** A segment before it is built: what an ordinary bare ACK has, unless an edge says otherwise. */
    static final class Draft
    {
        int flags = TcpHeader.ACK;
        int seq;
        int ack;
        int window = 65_535;
        int urgent;
        int dataOffset = -1;
        int length;
        byte[] options = new byte[0];

        Draft(final Numbers numbers)
        {
            seq = numbers.rcvNxt();
            ack = numbers.sndUna();
        }

        /** Whether RFC 9293, section 3.1 lets anybody read it. */
        boolean isWellFormed()
        {
            final int words = dataOffset < 0 ? 5 + (options.length + 3) / 4 : dataOffset;
            return words >= 5 && words * 4 <= 20 + (options.length + 3 & ~3) + length;
        }

        void queue(final Wire w)
        {
            w.seg(flags, seq).ack(ack).window(window).urgent(urgent).options(options).dataOffset(dataOffset)
                .data(length).queue();
        }

        @Override
        public String toString()
        {
            return "flags " + Integer.toBinaryString(flags) + " seq " + seq + " ack " + ack + " window " + window +
                " urgent " + urgent + " data offset " + dataOffset + " length " + length + " options " +
                Arrays.toString(options);
        }
    }

    private static final int HALF = 1 << 31;
    private static final int[] BLOCK_LENGTHS = {0, 1, 2, 3, 9, 10, 11, 18, 33, 34, 35, 40, 255};

    private SegmentEdges()
    {
    }

    static List<List<Edge>> fields()
    {
        return List.of(flags(), sequences(), acknowledgments(), windows(), urgents(), dataOffsets(), options(), lengths());
    }

    /** Every combination of the six flags of RFC 793, and what those of RFC 3168 and RFC 9768 make of some. */
    static List<Edge> flags()
    {
        final List<Edge> edges = new ArrayList<>();
        for (int i = 0; i < 64; i++)
        {
            final int flags = i;
            edges.add((draft, numbers) -> draft.flags = flags);
        }
        for (final int i : new int[]{0x40, 0x80, 0x100, 0x1C0})
        {
            for (final int with : new int[]{TcpHeader.SYN, TcpHeader.ACK, TcpHeader.SYN | TcpHeader.ACK, TcpHeader.RST})
            {
                edges.add((draft, numbers) -> draft.flags = i | with);
            }
        }
        return edges;
    }

    static List<Edge> sequences()
    {
        return List.of(
            (draft, n) -> draft.seq = n.rcvNxt() - HALF,
            (draft, n) -> draft.seq = n.rcvNxt() - n.rcvWnd(),
            (draft, n) -> draft.seq = n.rcvNxt() - 1,
            (draft, n) -> draft.seq = n.rcvNxt() + 1,
            (draft, n) -> draft.seq = n.rcvNxt() + n.rcvWnd() - 1,
            (draft, n) -> draft.seq = n.rcvNxt() + n.rcvWnd(),
            (draft, n) -> draft.seq = n.rcvNxt() + n.rcvWnd() + 1,
            (draft, n) -> draft.seq = n.rcvNxt() + HALF - 1);
    }

    static List<Edge> acknowledgments()
    {
        return List.of(
            (draft, n) -> draft.ack = 0,
            (draft, n) -> draft.ack = n.sndUna() - HALF,
            (draft, n) -> draft.ack = n.sndUna() - 65_536,
            (draft, n) -> draft.ack = n.sndUna() - 1,
            (draft, n) -> draft.ack = n.sndUna() + 1,
            (draft, n) -> draft.ack = n.sndNxt(),
            (draft, n) -> draft.ack = n.sndNxt() + 1,
            (draft, n) -> draft.ack = n.sndNxt() + HALF - 1);
    }

    static List<Edge> windows()
    {
        return List.of((draft, n) -> draft.window = 0, (draft, n) -> draft.window = 1, (draft, n) -> draft.window = 535);
    }

    static List<Edge> urgents()
    {
        final List<Edge> edges = new ArrayList<>();
        for (final int pointer : new int[]{0, 1, 2, 65_535})
        {
            edges.add((draft, numbers) ->
            {
                draft.flags |= TcpHeader.URG;
                draft.urgent = pointer;
            });
        }
        edges.add((draft, numbers) -> draft.urgent = 1);
        return edges;
    }

    static List<Edge> dataOffsets()
    {
        final List<Edge> edges = new ArrayList<>();
        for (int i = 0; i < 16; i++)
        {
            final int words = i;
            edges.add((draft, numbers) -> draft.dataOffset = words);
        }
        return edges;
    }

    static List<Edge> lengths()
    {
        final List<Edge> edges = new ArrayList<>();
        for (final int length : new int[]{1, 20, 1460, 65_000})
        {
            edges.add((draft, numbers) -> draft.length = length);
        }
        return edges;
    }

    /** Every known kind, and two unknown, with every interesting length byte; then what only a peer that attacks sends. */
    static List<Edge> options()
    {
        final List<Edge> edges = new ArrayList<>();
        for (final int kind : new int[]{0, 1, 2, 3, 4, 5, 8, 28, 30, 34, 172, 174, 253, 254})
        {
            for (final int length : BLOCK_LENGTHS)
            {
                edges.add((draft, numbers) -> draft.options = filled(kind, length));
            }
        }
        edges.add((draft, n) -> draft.options = sack(n.sndUna(), n.sndNxt()));
        edges.add((draft, n) -> draft.options = sack(n.sndNxt(), n.sndUna()));
        edges.add((draft, n) -> draft.options = sack(n.sndUna() + 1, n.sndNxt() + 1));
        edges.add((draft, n) -> draft.options = sack(n.sndUna() - 10, n.sndUna() - 1));
        edges.add((draft, n) -> draft.options = sack(n.sndUna() + 1, n.sndUna() + HALF));
        edges.add((draft, n) -> draft.options = sack(n.sndUna() + 1, n.sndUna() + 1));
        edges.add((draft, n) -> draft.options = bytes(2, 4, 0, 0, 2, 4, 255, 255, 3, 3, 255, 3, 3, 14, 4, 2, 4, 2));
        edges.add((draft, n) -> draft.options = bytes(8, 10, 255, 255, 255, 255, 0, 0, 0, 0, 8, 10, 0, 0, 0, 0, 1, 1, 1, 1));
        return edges;
    }

    private static byte[] filled(final int kind, final int length)
    {
        final byte[] option = new byte[Math.max(4, Math.min(40, length + 3 & ~3))];
        Arrays.fill(option, (byte)0x55);
        option[0] = (byte)kind;
        option[1] = (byte)length;
        return option;
    }

    private static byte[] sack(final int start, final int end)
    {
        return bytes(1, 1, 5, 10, start >>> 24, start >>> 16, start >>> 8, start, end >>> 24, end >>> 16, end >>> 8, end);
    }

    private static byte[] bytes(final int... values)
    {
        final byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++)
        {
            bytes[i] = (byte)values[i];
        }
        return bytes;
    }
}
