package dev.baton.stack.state;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A host that crashes and starts anew from an image of its shard: its peers see a silence, and nothing else. */
class RestartFromImageTest
{
    private static final long CUT_NS = 40 * ShardWorld.MS_NS;
    private static final long DOWN_NS = 300 * ShardWorld.MS_NS;

    private static ShardWorld live(final boolean crash)
    {
        final ShardWorld w = new ShardWorld(1);
        w.run(CUT_NS);
        if (crash)
        {
            final byte[] image = w.server.image(w.world.nowNs());
            w.serverHost.crash();
            w.world.after(DOWN_NS, () ->
            {
                w.server.stack = w.server.newStack();
                new Snapshot(w.server.stack).importShard(new UnsafeBuffer(image), 0, image.length,
                    w.world.nowNs() + w.server.skewNs, DOWN_NS, w.server);
                w.serverHost.start(w.server);
            });
        }
        w.run(10 * ShardWorld.SECOND_NS);
        return w;
    }

    @Test
    void shouldServeWhatWasOpenAfterACrash()
    {
        final ShardWorld uncut = live(false);
        final ShardWorld cut = live(true);
        assertTrue(uncut.client.service.completed > 3, "streams");
        assertEquals(uncut.client.service.completed, cut.client.service.completed, "streams that ended well");
        assertEquals(uncut.client.service.failed, cut.client.service.failed, "streams that failed: those that nobody serves");
    }
}
