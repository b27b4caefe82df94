package dev.baton.handoff.early;

import dev.baton.handoff.control.ControlPlane;
import dev.baton.handoff.policy.HandoffPolicy;
import dev.baton.stack.Packet;
import dev.baton.stack.intercept.BtcpInterceptor;
import dev.baton.stack.intercept.InterceptorModule;
import dev.baton.stack.intercept.ModuleContext;
import dev.baton.stack.intercept.UtcpInterceptor;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The early-handoff module: both roles of the protocol behind the two hooks. Settings are those of {@code EarlyConfig};
 * the node offers it a {@link ControlPlane}.
 * <p>
 * Threading: the shard's own thread throughout.
 */
public final class EarlyHandoff implements InterceptorModule, BtcpInterceptor, UtcpInterceptor
{
    /** Name under which the module is listed. */
    public static final String NAME = "early-handoff";

    private static final int FRAMES_PER_POLL = 256;

    private ControlPlane plane;
    private HandoffPolicy policy;
    private FrontFlows frontFlows;
    private FrontSegments frontSegments;
    private FrontProtocol frontProtocol;
    private BackFlows backFlows;
    private BackSegments backSegments;
    private BackProtocol backProtocol;
    private ControlInput input;
    private EarlyCounters counters;
    private History history;
    private long peerDeadNs;
    private boolean started;
    private long lastNowNs;

    /** Made by {@link java.util.ServiceLoader}. */
    public EarlyHandoff()
    {
    }

    @Override
    public String name()
    {
        return NAME;
    }

    @Override
    public void open(final ModuleContext context)
    {
        final EarlyConfig config = new EarlyConfig(context.settings());
        plane = context.service(ControlPlane.class);
        peerDeadNs = config.peerDeadNs;
        counters = new EarlyCounters();
        history = new History(config.historyLimit);
        final ControlMessages out = new ControlMessages(plane);
        final Chooser chooser = new Chooser(config, plane, counters);
        policy = chooser.policy();
        frontFlows = new FrontFlows(config, context.nextRandom(), context.nextRandom());
        frontProtocol = new FrontProtocol(config, context, plane, out, frontFlows, chooser, counters, history);
        frontSegments = new FrontSegments(config, context, frontFlows, frontProtocol, counters);
        backFlows = new BackFlows(
            config, plane.peerCount(), context.timeWaitNs(), context.nextRandom(), context.nextRandom());
        backProtocol = new BackProtocol(config, context, plane, out, frontFlows, backFlows, counters, history);
        backSegments = new BackSegments(backFlows, backProtocol, counters);
        input = new ControlInput(plane, out, frontProtocol, backProtocol, counters);
    }

    @Override
    public BtcpInterceptor btcp()
    {
        return this;
    }

    @Override
    public UtcpInterceptor utcp()
    {
        return this;
    }

    @Override
    public int onIngress(final Packet packet, final long nowNs)
    {
        if (backFlows.table.size() > 0)
        {
            final int verdict = backSegments.onIngress(packet, nowNs);
            if (verdict >= 0)
            {
                return verdict;
            }
        }
        return frontSegments.onIngress(packet, nowNs);
    }

    @Override
    public int onEgress(final Packet packet, final long nowNs)
    {
        if (backFlows.table.size() > 0 || backSegments.isQuiet(nowNs))
        {
            final int verdict = backSegments.onEgress(packet, nowNs);
            if (verdict >= 0)
            {
                return verdict;
            }
        }
        return frontFlows.table.size() > 0 ? frontSegments.onEgress(packet, nowNs) : BtcpInterceptor.PASS;
    }

    @Override
    public int onConnection(final TcpConnection connection, final long nowNs)
    {
        return backSegments.holdsIndication(connection) ? UtcpInterceptor.HOLD : frontSegments.onConnection(connection);
    }

    @Override
    public void onDisconnect(final TcpConnection connection, final long nowNs)
    {
        backSegments.onDisconnect(connection, nowNs);
        frontSegments.onDisconnect(connection, nowNs);
    }

    @Override
    public int poll(final long nowNs)
    {
        if (!started)
        {
            started = true;
            backSegments.quietUntil(nowNs + peerDeadNs);
        }
        lastNowNs = nowNs;
        return input.poll(nowNs, FRAMES_PER_POLL) + frontProtocol.poll(nowNs) + backProtocol.poll(nowNs);
    }

    @Override
    public long nextDeadlineNs()
    {
        return Math.min(
            input.nextDeadlineNs(), Math.min(frontProtocol.nextDeadlineNs(), backProtocol.nextDeadlineNs()));
    }

    @Override
    public int liveEntries()
    {
        return frontFlows.table.size() + backFlows.table.size();
    }

    @Override
    public int exportState(final MutableDirectBuffer buffer, final int offset, final long nowNs)
    {
        frontProtocol.decideAll(nowNs);
        return new EarlyState(plane, policy, frontFlows, backFlows).write(buffer, offset, nowNs);
    }

    @Override
    public void importState(final DirectBuffer buffer, final int offset, final int length, final long nowNs)
    {
        new EarlyState(plane, policy, frontFlows, backFlows).read(buffer, offset, length, nowNs);
        started = true;
        frontProtocol.resume(nowNs);
        backSegments.quietUntil(nowNs);
    }

    @Override
    public String census(final long nowNs)
    {
        final StringBuilder json = new StringBuilder(1024).append("{\"back\":[");
        String separator = "";
        for (final BackEntry e : backFlows.table.snapshot())
        {
            json.append(separator);
            entry(json, e, e.handoffId, e.epoch, e.peer, e.stateName());
            separator = ",";
        }
        json.append("],\"counters\":");
        counters.appendTo(json);
        json.append(",\"front\":[");
        separator = "";
        for (final FrontEntry e : frontFlows.table.snapshot())
        {
            json.append(separator);
            entry(json, e, e.handoffId, e.epoch, e.peer, e.stateName());
            separator = ",";
        }
        json.append("],\"history\":");
        history.appendTo(json);
        return json
            .append(",\"history_total\":").append(history.count())
            .append(",\"holds_in_use\":").append(frontFlows.holds.inUse() + backFlows.holds.inUse())
            .append(",\"holds_refused\":").append(frontFlows.holds.refusals() + backFlows.holds.refusals())
            .append(",\"flows_refused\":").append(frontFlows.table.refusals() + backFlows.table.refusals())
            .append(",\"pending_cancels\":").append(frontProtocol.pendingCancels())
            .append('}')
            .toString();
    }

    private void entry(
        final StringBuilder json, final Flow flow, final long id, final int epoch, final int peer, final String phase)
    {
        json.append("{\"client\":\"").append(IpAddress.toString(flow.remoteHi, flow.remoteLo))
            .append("\",\"client_port\":").append(flow.remotePort)
            .append(",\"epoch\":").append(epoch)
            .append(",\"id\":\"").append(Long.toHexString(id))
            .append("\",\"local\":\"").append(IpAddress.toString(flow.localHi, flow.localLo))
            .append("\",\"local_port\":").append(flow.localPort)
            .append(",\"peer\":\"").append(peer < 0 ? "" : plane.peerName(peer))
            .append("\",\"phase\":\"").append(phase)
            .append("\"}");
    }

    @Override
    public void close()
    {
        if (frontProtocol != null)
        {
            frontProtocol.decideAll(lastNowNs);
        }
    }
}
