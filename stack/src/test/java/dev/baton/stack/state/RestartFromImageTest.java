package dev.baton.stack.state;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A host that crashes and starts anew from an image of its shard: its peers see a silence, and nothing else. */
class RestartFromImageTest
{
    private static final long CUT_NS = 40 * ShardWorld.MS_NS;
    private static final long DOWN_NS = 300 * ShardWorld.MS_NS;

    private static ShardWorld crashed()
    {
        final ShardWorld w = new ShardWorld(1);
        w.run(CUT_NS);
        final byte[] image = w.server.image(w.world.nowNs());
        w.serverHost.crash();
        w.world.after(DOWN_NS, () ->
        {
            w.server.stack = w.server.newStack();
            new Snapshot(w.server.stack).importShard(new UnsafeBuffer(image), 0, image.length,
                w.world.nowNs() + w.server.skewNs, DOWN_NS, w.server);
            w.serverHost.start(w.server);
        });
        // What the server accepted while it was down was of the stack that is lost.
        for (int i = 1; i <= 12; i++)
        {
            w.world.after(DOWN_NS + 100L * i * ShardWorld.MS_NS,
                () -> w.server.listener(ShardWorld.QUEUED_PORT).accept());
        }
        w.run(10 * ShardWorld.SECOND_NS);
        return w;
    }

    @Test
    void shouldServeWhatWasOpenAfterACrash()
    {
        final ShardWorld cut = crashed();
        assertEquals(10, cut.client.service.completed, "streams that ended well");
        assertEquals(2, cut.client.service.failed, "streams that failed: those that nobody serves");
    }
}
