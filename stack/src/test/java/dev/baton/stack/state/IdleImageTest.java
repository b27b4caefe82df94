package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.tcp.Tcb;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a connection that waits takes in an image. ARCHITECTURE.md has the list; who makes it longer changes that too. */
class IdleImageTest
{
    private static final int GREATEST_RECORD = 572;

    @Test
    void shouldTakeNoMoreThanIsWrittenDownWhenIdle()
    {
        final StateWorld w = new StateWorld(3);
        w.clientPeer.sends(200);
        w.serverPeer.sends(200);
        w.connect(true);
        w.run(2 * StateWorld.SECOND_NS);
        final List<Tcb> tcbs = new ArrayList<>();
        w.server.stack.tcp().transfers().forEachConnection(tcbs::add);
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final int length =
            new ConnectionExporter().export(tcbs.get(0), w.world.nowNs() + w.server.skewNs, buffer, 0);
        final Map<Integer, Integer> parts = new TreeMap<>();
        int at = new ConnectionImage().wrap(buffer, 0, length).partsAt();
        final int message = at;
        while (at < length)
        {
            final int size = buffer.getInt(at, ByteOrder.LITTLE_ENDIAN);
            parts.put(buffer.getShort(at + 6, ByteOrder.LITTLE_ENDIAN) & 0xFFFF, 4 + size);
            at += 4 + size;
        }
        assertEquals(405, ConnectionDecoder.BLOCK_LENGTH, "fixed block");
        assertTrue(length <= GREATEST_RECORD, length + " bytes: " + message + " and " + parts);
    }
}
