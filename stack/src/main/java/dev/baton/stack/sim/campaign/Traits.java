package dev.baton.stack.sim.campaign;

import dev.baton.stack.HandshakeOptions;
import dev.baton.stack.StackContext;
import dev.baton.stack.sim.SimRandom;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The settings that campaigns vary. A new option of {@link StackContext} is a line here. */
final class Traits
{
    private static final long MS_NS = 1_000_000L;

    private final SimRandom random;
    private final List<SitePlan.Trait> chosen = new ArrayList<>();

    private Traits(final SimRandom random)
    {
        this.random = random;
    }

    static List<SitePlan.Trait> draw(final SimRandom random)
    {
        final Traits traits = new Traits(random);
        traits.options();
        traits.sending();
        traits.recovery();
        traits.handshake();
        traits.memory();
        traits.times();
        return List.copyOf(traits.chosen);
    }

    private void options()
    {
        final List<String> controls = StackContext.congestionControls();
        final String control = controls.get(random.nextInt(controls.size()));
        with(0.7, "congestion control " + control, (c) -> c.congestionControl(control));
        with(0.2, "no SACK", (c) -> c.sack(false));
        with(0.2, "no timestamps", (c) -> c.timestamps(false));
        with(0.2, "no window scaling", (c) -> c.windowScale(false));
        with(0.3, "no Nagle", (c) -> c.noDelay(true));
        with(0.2, "no slow start after idle", (c) -> c.slowStartAfterIdle(false));
        final int initialWindow = 1 + random.nextInt(20);
        with(0.2, "initial window " + initialWindow, (c) -> c.initialWindowSegments(initialWindow));
        final int ecn = random.nextInt(6);
        with(0.4, "ECN " + ecn, (c) -> c.ecn(ecn));
        final int segment = 88 + random.nextInt(1400);
        with(0.2, "segments of " + segment, (c) -> c.maxSegmentBytes(segment));
    }

    private void sending()
    {
        with(0.2, "pacing", (c) -> c.pacing(true));
        with(0.2, "no pacing", (c) -> c.pacing(false));
        with(0.2, "pacing ratios of 100", (c) -> c.pacingSlowStartRatio(100).pacingAvoidanceRatio(100));
        // Below that a stream of some kilobytes takes longer than a run: a few bytes for each delayed ACK.
        final int lowat = 100 + random.nextInt(10_000);
        with(0.2, "unsent low-water mark " + lowat, (c) -> c.notSentLowatBytes(lowat));
        with(0.2, "fixed receive buffer", (c) -> c.moderateReceiveBuffer(false));
    }

    private void recovery()
    {
        with(0.2, "no DSACK", (c) -> c.dsack(false));
        with(0.2, "no RACK", (c) -> c.rack(false));
        with(0.2, "no loss probe", (c) -> c.lossProbe(false));
        with(0.2, "no F-RTO", (c) -> c.forwardRto(false));
    }

    private void handshake()
    {
        final int cookies = 2 * random.nextInt(2);
        with(0.4, cookies == 0 ? "no SYN cookies" : "SYN cookies only", (c) -> change(c, (h) -> h.synCookies(cookies)));
        with(0.2, "peer cache of 1", (c) -> change(c, (h) -> h.maxPeers(1)));
        with(0.2, "no metrics saved", (c) -> change(c, (h) -> h.noMetricsSave(true)));
        final int queue = 1 + random.nextInt(3);
        with(0.2, "somaxconn " + queue, (c) -> change(c, (h) -> h.somaxconn(queue)));
    }

    private static StackContext change(final StackContext context, final Consumer<HandshakeOptions> change)
    {
        change.accept(context.handshake());
        return context;
    }

    private void memory()
    {
        final int send = 4096 << random.nextInt(5);
        final int receive = 4096 << random.nextInt(5);
        final int greatest = Math.max(send, receive);
        with(1, "buffers " + send + "/" + receive, (c) -> c.sendBufferBytes(send).receiveBufferBytes(receive)
            .poolBytes(Math.max(1 << 20, 2L * greatest)));
        with(0.2, "tiny pool", (c) -> c.poolBytes(4L * greatest));
        final int backlog = 1 + random.nextInt(4);
        with(0.2, "backlog " + backlog, (c) -> c.synBacklog(backlog));
        final int waits = 1 + random.nextInt(4);
        with(0.2, "TIME-WAIT table of " + waits, (c) -> c.maxTimeWait(waits));
        final int batch = 1 + random.nextInt(4);
        with(0.2, "batch of " + batch, (c) -> c.batchPackets(batch).maxSegmentsOutPerPoll(batch));
    }

    private void times()
    {
        with(0.2, "keepalive", (c) -> c.keepAlive(true).keepAliveIdleNs(2_000 * MS_NS).keepAliveIntervalNs(5_000 * MS_NS)
            .keepAliveProbes(20));
        final long delayedAckNs = (1 + random.nextInt(400)) * MS_NS;
        with(0.2, "delayed ACK " + delayedAckNs, (c) -> c.delayedAckNs(delayedAckNs));
        final long minRtoNs = (5 + random.nextInt(1000)) * MS_NS;
        with(0.2, "least RTO " + minRtoNs, (c) -> c.minRtoNs(minRtoNs).initialRtoNs(Math.max(minRtoNs, 1000 * MS_NS)));
        with(0.3, "short TIME-WAIT", (c) -> c.timeWaitNs(1_000 * MS_NS));
    }

    private void with(final double probability, final String name, final UnaryOperator<StackContext> settings)
    {
        if (random.chance(probability))
        {
            chosen.add(new SitePlan.Trait(name, settings));
        }
    }
}
