package dev.baton.stack.tcp;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.baton.stack.service.TcpConnection;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A whole shard under a program of calls, segments and time that chance makes. The bytes say where a segment stands relative
 * to the connection, so that most of them get somewhere; the invariants are checked after every poll, and in the end all
 * memory is back.
 */
class ShardFuzzTest
{
    private static final long MS = Wire.MS;
    private static final int STEPS = 200;
    private static final int[] DISTANCES = {0, 0, 0, 1, -1, 1460, -1460, 65_535, 1 << 31};

    private List<Throwable> errors;
    private StreamPeer peer;
    private Wire w;
    private FuzzedDataProvider data;
    private Situation situation;

    @FuzzTest
    void shouldSurviveAnyProgram(final FuzzedDataProvider given)
    {
        // One instance serves all programs.
        data = given;
        errors = new ArrayList<>();
        peer = new StreamPeer();
        w = new Wire();
        peer.checking = false;
        w.context.errorHandler(errors::add).poolBytes(8 << 20).timeWaitNs(1000 * MS).finWait2Ns(1000 * MS)
            .maxConnections(16).synBacklog(16).maxTimeWait(16);
        w.v6 = data.consumeBoolean();
        w.gso = data.consumeBoolean() ? 65_535 : 0;
        w.timestamps = data.consumeBoolean();
        w.start();
        situation = data.pickValue(Situation.values());
        situation.reach(w, peer);
        for (int i = 0; i < STEPS && data.remainingBytes() > 0; i++)
        {
            step();
            w.discardOutput();
            assertEquals(List.of(), errors);
        }
        end();
    }

    private void step()
    {
        switch (data.consumeInt(0, 12))
        {
            case 0, 1, 2, 3, 4, 5:
                segment();
                break;
            case 6:
                w.advance(data.consumeInt(0, 300) * MS);
                break;
            case 7:
                w.advance(Math.max(0, Math.min(w.stack.nextDeadlineNs() - w.nowNs, 200_000 * MS)));
                break;
            case 8:
                w.in(data.consumeBytes(data.consumeInt(0, 200)));
                break;
            default:
                callOrBeRefused();
                w.poll();
                break;
        }
    }

    /** A call that comes too late is refused by its declared exception, and that is all. */
    private void callOrBeRefused()
    {
        try
        {
            call(peer.connection);
        }
        catch (final IllegalStateException ex)
        {
            assertTrue(ex.getMessage().startsWith("connection #"), ex.getMessage());
        }
    }

    private void segment()
    {
        final Numbers n = Numbers.of(w, situation);
        final SegmentEdges.Draft draft = new SegmentEdges.Draft(n);
        if (data.consumeBoolean())
        {
            draft.flags = data.consumeInt(0, 0x1FF);
        }
        draft.seq += data.pickValue(DISTANCES) + data.consumeByte();
        draft.ack = (data.consumeBoolean() ? n.sndNxt() : n.sndUna()) + data.pickValue(DISTANCES) + data.consumeByte();
        draft.window = data.consumeInt(0, 65_535);
        draft.urgent = data.consumeBoolean() ? data.consumeInt(0, 65_535) : 0;
        draft.dataOffset = data.consumeInt(0, 15) == 0 ? data.consumeInt(0, 15) : -1;
        draft.length = data.consumeInt(0, 3000);
        draft.options = data.consumeBytes(data.consumeInt(0, 40));
        draft.queue(w);
        if (data.consumeBoolean())
        {
            w.poll();
        }
    }

    private void call(final TcpConnection connection)
    {
        if (connection == null || peer.closeReason != null)
        {
            return;
        }
        switch (data.consumeInt(0, 6))
        {
            case 0, 1:
                connection.write(Pattern.table(), 0, data.consumeInt(0, Pattern.PERIOD));
                break;
            case 2:
                connection.writeUrgent(Pattern.table(), 0, data.consumeInt(0, 100));
                break;
            case 3:
                peer.reading = !peer.reading;
                connection.skip(Math.min(connection.readable(), data.consumeInt(0, 5000)));
                break;
            case 4:
                connection.shutdownOutput();
                break;
            case 5:
                connection.close();
                break;
            default:
                connection.abort();
                break;
        }
    }

    private void end()
    {
        if (peer.connection != null)
        {
            peer.connection.abort();
        }
        w.poll();
        w.advance(700_000 * MS);
        assertEquals(List.of(), errors);
        assertEquals(0, w.stack.connectionCount(), "connections left");
        assertEquals(0, w.stack.tcp().bufferPool().acquiredBytes(), "buffers left");
    }
}
