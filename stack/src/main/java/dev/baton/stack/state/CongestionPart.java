package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionCongestionDecoder;
import dev.baton.stack.state.codec.ConnectionCongestionDecoder.TimesDecoder;
import dev.baton.stack.state.codec.ConnectionCongestionDecoder.WordsDecoder;
import dev.baton.stack.state.codec.ConnectionCongestionEncoder;
import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcbAccess;
import dev.baton.stack.tcp.congestion.CongestionControl;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Part: the further words of a congestion control, whatever they mean to it. Times are relative to the cut. */
final class CongestionPart implements ConnectionPart
{
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final ConnectionCongestionEncoder encoder = new ConnectionCongestionEncoder();
    private final ConnectionCongestionDecoder decoder = new ConnectionCongestionDecoder();

    @Override
    public int templateId()
    {
        return ConnectionCongestionDecoder.TEMPLATE_ID;
    }

    @Override
    public int blockLength()
    {
        return ConnectionCongestionDecoder.BLOCK_LENGTH;
    }

    @Override
    public boolean isNeeded(final Tcb tcb)
    {
        return tcb.ccWords != null;
    }

    @Override
    public int write(final Tcb tcb, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        final int times = tcb.congestionControl.timeWords();
        final int plain = tcb.congestionControl.plainWords();
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder);
        final ConnectionCongestionEncoder.TimesEncoder timeGroup = encoder.timesCount(times);
        for (int i = 0; i < times; i++)
        {
            timeGroup.next().inNs(Spans.left(tcb.ccWords[i], nowNs));
        }
        final ConnectionCongestionEncoder.WordsEncoder wordGroup = encoder.wordsCount(plain);
        for (int i = times; i < times + plain; i++)
        {
            wordGroup.next().value(tcb.ccWords[i]);
        }
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    @Override
    public void check(final DirectBuffer buffer, final int offset, final int length, final ConnectionDecoder fields)
    {
        final int end = offset + length;
        final int timesAt = offset + MessageHeaderDecoder.ENCODED_LENGTH + blockLength();
        final int wordsAt = GroupBounds.check(
            "times", buffer, timesAt, end, TimesDecoder.sbeBlockLength(), Tcb.MAX_CC_WORDS);
        final int wordsEnd = GroupBounds.check(
            "words", buffer, wordsAt, end, WordsDecoder.sbeBlockLength(), Tcb.MAX_CC_WORDS);
        Rules.require(wordsEnd == end, "part length", length, "nothing follows the words of ConnectionCongestion");
        wrap(buffer, offset);
        for (final TimesDecoder time : decoder.times())
        {
            Rules.spanOrUnset("times.inNs", time.inNs());
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
        final CongestionControl control = tcb.congestionControl;
        final TimesDecoder times = decoder.times();
        Rules.require(times.count() == control.timeWords(), "times.numInGroup", times.count(),
            "congestion control " + control.name() + " has " + control.timeWords());
        int i = 0;
        for (final TimesDecoder time : times)
        {
            tcb.ccWords[i] = Spans.deadline(time.inNs(), nowNs);
            i++;
        }
        final WordsDecoder words = decoder.words();
        Rules.require(words.count() == control.plainWords(), "words.numInGroup", words.count(),
            "congestion control " + control.name() + " has " + control.plainWords());
        for (final WordsDecoder word : words)
        {
            tcb.ccWords[i] = word.value();
            i++;
        }
        verify(tcb, control);
    }

    private static void verify(final Tcb tcb, final CongestionControl control)
    {
        final int bad = tcb.ccWords == null ? -1 : control.firstBadWord(tcb.ccWords);
        if (bad >= 0)
        {
            throw new StateException("words[" + (bad - control.timeWords()) + "]", tcb.ccWords[bad],
                "congestion control " + control.name() + " never has this value there");
        }
    }

    private void wrap(final DirectBuffer buffer, final int offset)
    {
        decoder.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, blockLength(),
            ConnectionCongestionDecoder.SCHEMA_VERSION);
    }
}
