package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.tcp.Tcb;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConnectionPartsTest
{
    private static final int FIRST = 1000;
    private static final int SECOND = 1001;
    private static final int FRAMED = 4 + MessageHeaderEncoder.ENCODED_LENGTH + Integer.BYTES;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final List<String> seen = new ArrayList<>();

    /** Keeps one number. */
    private final class Number implements ConnectionPart
    {
        private final int templateId;
        private final int value;

        Number(final int templateId, final int value)
        {
            this.templateId = templateId;
            this.value = value;
        }

        @Override
        public int templateId()
        {
            return templateId;
        }

        @Override
        public int blockLength()
        {
            return Integer.BYTES;
        }

        @Override
        public boolean isNeeded(final Tcb tcb)
        {
            return value != 0;
        }

        @Override
        public int write(final Tcb tcb, final long nowNs, final MutableDirectBuffer to, final int offset)
        {
            new MessageHeaderEncoder().wrap(to, offset).blockLength(Integer.BYTES).templateId(templateId)
                .schemaId(MessageHeaderDecoder.SCHEMA_ID).version(MessageHeaderDecoder.SCHEMA_VERSION);
            to.putInt(offset + MessageHeaderEncoder.ENCODED_LENGTH, value);
            return MessageHeaderEncoder.ENCODED_LENGTH + Integer.BYTES;
        }

        @Override
        public void check(final DirectBuffer from, final int offset, final int length, final ConnectionDecoder fields)
        {
            Rules.range("number", from.getInt(offset + MessageHeaderEncoder.ENCODED_LENGTH), 1, 9);
        }

        @Override
        public void read(
            final DirectBuffer from,
            final int offset,
            final int length,
            final Tcb tcb,
            final long nowNs,
            final long elapsedNs)
        {
            seen.add(templateId + "=" + from.getInt(offset + MessageHeaderEncoder.ENCODED_LENGTH));
        }
    }

    private ConnectionParts parts(final int first, final int second)
    {
        return new ConnectionParts(new Number(FIRST, first), new Number(SECOND, second));
    }

    private void check(final int length)
    {
        parts(0, 0).check(buffer, 0, length, null);
    }

    @Test
    void shouldTakeNoBytesWhenNothingIsNeeded()
    {
        assertEquals(0, parts(0, 0).write(null, 0, buffer, 0));
        check(0);
    }

    @Test
    void shouldGiveBackWhatEachPartHas()
    {
        final int length = parts(3, 7).write(null, 0, buffer, 0);
        check(length);
        parts(0, 0).read(buffer, 0, length, null, 0, 0);
        assertEquals(List.of("1000=3", "1001=7"), seen);
    }

    @Test
    void shouldLeaveOutPartThatIsNotNeeded()
    {
        final int length = parts(0, 7).write(null, 0, buffer, 0);
        assertEquals(FRAMED, length);
        parts(0, 0).read(buffer, 0, length, null, 0, 0);
        assertEquals(List.of("1001=7"), seen);
    }

    @Test
    void shouldRefusePartThatIsThereTwice()
    {
        final int length = parts(3, 0).write(null, 0, buffer, 0);
        final int twice = length + parts(3, 0).write(null, 0, buffer, length);
        assertTrue(assertThrows(StateException.class, () -> check(twice)).getMessage().contains("part templateId"));
    }

    @Test
    void shouldRefusePartsInAnotherOrder()
    {
        final int length = parts(0, 7).write(null, 0, buffer, 0);
        final int both = length + parts(3, 0).write(null, 0, buffer, length);
        assertThrows(StateException.class, () -> check(both));
    }

    @Test
    void shouldRefusePartThatIsNotKnown()
    {
        final int length = parts(3, 0).write(null, 0, buffer, 0);
        assertThrows(StateException.class, () -> new ConnectionParts(new Number(SECOND, 0)).check(buffer, 0, length, null));
    }

    @Test
    void shouldLetPartRefuseItsValues()
    {
        final int length = parts(10, 0).write(null, 0, buffer, 0);
        assertTrue(assertThrows(StateException.class, () -> check(length)).getMessage().contains("number"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 11, 12, FRAMED - 1, FRAMED + 1, FRAMED + 4, FRAMED + 12, 2 * FRAMED - 1})
    void shouldRefusePartsThatAreCutOff(final int length)
    {
        parts(3, 7).write(null, 0, buffer, 0);
        assertThrows(StateException.class, () -> check(length));
    }
}
