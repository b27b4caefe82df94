package dev.baton.stack.tcp;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** A stack that has nothing to do wants to be woken later than now: else the loop that drives it would spin. */
class DeadlineTest
{
    private static final int POLLS = 8;

    private final StreamPeer clientPeer = new StreamPeer();
    private final StreamPeer serverPeer = new StreamPeer();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldWantToBeWokenLaterThanNowWhenIdle(final long seed)
    {
        final TcpWorld w = new TcpWorld(seed, (seed - 4) * 7 * TcpWorld.SECOND_NS);
        if ((seed & 1) == 0)
        {
            w.offload();
            w.serverContext.poolBytes(1 << 20).sendBufferBytes(1 << 18).receiveBufferBytes(1 << 18);
        }
        w.toServer().delay(3_000_000).loss(0.05).reorder(0.05, 4_000_000).duplicate(0.05);
        w.toClient().delay(3_000_000).loss(0.05).reorder(0.05, 4_000_000).duplicate(0.05);
        w.start();
        w.listen(serverPeer.sends(300_000).thenShutsDown().closesAtEnd());
        w.connect(clientPeer.sends(300_000).thenShutsDown().closesAtEnd());
        for (int step = 0; step < 3_000; step++)
        {
            if (step == 400)
            {
                w.clientHost.pause();
            }
            if (step == 700)
            {
                w.clientHost.resume();
            }
            w.run(step < 1_000 ? 5_000_000L : 100_000_000L);
            expectLater(w);
        }
    }

    private static void expectLater(final TcpWorld w)
    {
        final long nowNs = w.world.nowNs();
        for (int i = 0; i < POLLS && w.server.nextDeadlineNs() <= nowNs; i++)
        {
            w.server.poll(nowNs);
        }
        assertTrue(w.server.nextDeadlineNs() > nowNs,
            () -> "wants to be polled at " + w.server.nextDeadlineNs() + ", now " + nowNs + "; seed " + w.world.seed());
    }
}
