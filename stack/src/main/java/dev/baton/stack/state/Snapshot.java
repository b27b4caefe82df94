package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.tcp.Connection;
import dev.baton.stack.tcp.HalfOpen;
import dev.baton.stack.tcp.IsnGenerator;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TimeWait;
import dev.baton.stack.tcp.Transfers;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.util.List;

/**
 * Takes connections out of a shard and puts them into one: one by one, or all at once as an image.
 * <p>
 * A move with no gap is: {@link #export}, {@link #detach}, then {@link #importConnection} in another shard, all at the
 * same time of the connection. Exporting changes nothing, so a connection that was only exported goes on where it is;
 * who imports it elsewhere as well has made two owners, which is for the caller to prevent. Importing sends nothing by
 * itself and calls nobody: timers are set to what was left of them, and what was owed at the cut is owed again and
 * comes with the next poll. An indication that a module held at the cut ({@link Tcb#indicated} is not set) stays held
 * until {@link dev.baton.stack.tcp.TcpEndpoint#indicate} is called.
 * <p>
 * Ids: a connection keeps its id when this shard has never given it to another one, so that a restored shard is the one
 * that was saved, down to the order of simultaneous timers; otherwise it gets a new one, because an id is never used
 * twice in a shard.
 * <p>
 * Time: what an image holds stands still until it is imported, with two exceptions that are not ours to stop. The
 * timestamp clock goes on from the TSval of the cut by {@code elapsedNs}, and so does the age of the peer's last
 * timestamp (RFC 7323, sections 5.4 and 5.5).
 * <p>
 * Used by the shard's thread only, between two polls.
 */
public final class Snapshot
{
    private final ConnectionExporter connections = new ConnectionExporter();
    private final HalfOpenCodec halfOpens = new HalfOpenCodec();
    private final TimeWaitCodec timeWaits = new TimeWaitCodec();
    private final NetStack stack;
    private final Transfers transfers;
    private final IsnGenerator clock;

    /**
     * For a shard.
     *
     * @param stack whose connections are meant.
     */
    public Snapshot(final NetStack stack)
    {
        this.stack = stack;
        this.transfers = stack.tcp().transfers();
        this.clock = stack.tcp().isnGenerator();
    }

    /**
     * Write the connection of a flow as one record: a {@code Connection}, {@code HalfOpen} or {@code TimeWait} message.
     *
     * @param flow   of the connection.
     * @param nowNs  the cut.
     * @param buffer to be written to; it grows if it is expandable.
     * @param offset in it.
     * @return length of the record in bytes.
     * @throws StateException            when there is no such connection.
     * @throws IndexOutOfBoundsException when the buffer is too small and cannot grow.
     */
    public int export(final Flow flow, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        final Tcb tcb = tcb(flow);
        if (tcb != null)
        {
            return connections.export(tcb, nowNs, buffer, offset);
        }
        Spans.checkClock("nowNs", nowNs);
        final HalfOpen halfOpen = halfOpen(flow);
        if (halfOpen != null)
        {
            return halfOpens.write(halfOpen, clock, nowNs, buffer, offset);
        }
        final TimeWait timeWait = timeWait(flow);
        if (timeWait != null)
        {
            return timeWaits.write(timeWait, clock, nowNs, buffer, offset);
        }
        throw absent(flow);
    }

    /**
     * Take a connection out of the shard in silence: no RST, no FIN, and no call-back at all, because it has not ended.
     * Segments of the flow that still arrive meet a stack that does not know it, so something must keep them away or
     * take them over first.
     *
     * @param flow of the connection.
     * @throws StateException when there is no such connection.
     */
    public void detach(final Flow flow)
    {
        final Tcb tcb = tcb(flow);
        if (tcb != null)
        {
            transfers.remove(tcb);
            return;
        }
        final HalfOpen halfOpen = halfOpen(flow);
        final TimeWait timeWait = timeWait(flow);
        if (halfOpen != null)
        {
            transfers.remove(halfOpen);
        }
        else if (timeWait != null)
        {
            transfers.remove(timeWait);
        }
        else
        {
            throw absent(flow);
        }
    }

    /**
     * Put one connection into the shard.
     *
     * @param buffer    that holds the record.
     * @param offset    of the record.
     * @param length    of the record, in bytes.
     * @param nowNs     the time at which the connection goes on, on this shard's clock.
     * @param elapsedNs real time since the cut, as far as it is known; 0 when it is not.
     * @param service   that serves it from now on; not told by {@code onAccepted} when the cut came after that call.
     * @return the connection; null for a half-open one and one in TIME-WAIT, which no service knows.
     * @throws StateException when the record breaks a rule, or the shard has no room for it; nothing has changed then.
     */
    public TcpConnection importConnection(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long nowNs,
        final long elapsedNs,
        final TcpService service)
    {
        final Admission admission = new Admission(stack, buffer, nowNs, elapsedNs);
        admission.verify(offset, length, (flow, passive) -> service);
        admission.build();
        final List<TcpConnection> admitted = admission.admit();
        return admitted.isEmpty() ? null : admitted.get(0);
    }

    /**
     * Write all connections of the shard in every state, as one image.
     *
     * @param nowNs  the cut.
     * @param buffer to be written to; it grows if it is expandable.
     * @param offset in it.
     * @return length of the image in bytes.
     * @throws IndexOutOfBoundsException when the buffer is too small and cannot grow.
     */
    public int exportAll(final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        Spans.checkClock("nowNs", nowNs);
        final StateImageWriter writer = new StateImageWriter(buffer, offset);
        transfers.forEachConnection(
            (tcb) -> writer.connection((at) -> connections.export(tcb, nowNs, buffer, at)));
        transfers.forEachHalfOpen((entry) -> writer.halfOpen((at) -> halfOpens.write(entry, clock, nowNs, buffer, at)));
        transfers.forEachTimeWait((entry) -> writer.timeWait((at) -> timeWaits.write(entry, clock, nowNs, buffer, at)));
        return writer.finish(stack.context().shard());
    }

    /**
     * Put all connections of an image into the shard, or none.
     *
     * @param buffer    that holds the image.
     * @param offset    of the image.
     * @param length    of the image, in bytes.
     * @param nowNs     the time at which the connections go on, on this shard's clock.
     * @param elapsedNs real time since the cut, as far as it is known; 0 when it is not.
     * @param lookup    chooses their services.
     * @return the connections that have a service, in order of id.
     * @throws StateException when the image breaks a rule, or the shard has no room for it; nothing has changed then.
     */
    public List<TcpConnection> importAll(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long nowNs,
        final long elapsedNs,
        final ServiceLookup lookup)
    {
        final Admission admission = new Admission(stack, buffer, nowNs, elapsedNs);
        StateImageReader.read(buffer, offset, length, (at, size) -> admission.verify(at, size, lookup));
        admission.build();
        return admission.admit();
    }

    /**
     * Write the whole shard: all connections as {@link #exportAll} does, listeners with their queues, UDP sockets,
     * datagrams that are not whole, routes, path MTUs, peers, limits, secrets, clocks, the position of the random
     * source, and counters. What services and modules keep is theirs, and not in it; neither is a connection that is
     * over and whose service only has to be told so.
     *
     * @param nowNs  the cut.
     * @param buffer to be written to; it grows if it is expandable.
     * @param offset in it.
     * @return length of the image in bytes.
     * @throws IndexOutOfBoundsException when the buffer is too small and cannot grow.
     */
    public int exportShard(final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        Spans.checkClock("nowNs", nowNs);
        return new ShardExporter(stack, nowNs, buffer).export(offset);
    }

    /**
     * Make this shard, which has never had a connection, a listener or a socket, the one of an image, or change nothing.
     * It goes on as the other one would have: with its sequence numbers, ports, identifications and cookies. A service
     * is called for what it was owed at the cut, and not told again of what it has been told; whoever starts it
     * anew asks the listeners ({@link dev.baton.stack.tcp.Listener#waiting()}).
     *
     * @param buffer    that holds the image.
     * @param offset    of the image.
     * @param length    of the image, in bytes.
     * @param nowNs     the time at which the shard goes on, on its own clock.
     * @param elapsedNs real time since the cut, as far as it is known; 0 when it is not. Clocks that peers see go on by it.
     * @param services  chooses the services.
     * @return the connections that have a service, in order of id.
     * @throws StateException when the image breaks a rule, this shard is not empty or otherwise configured, or has no
     *                        room; nothing has changed then.
     */
    public List<TcpConnection> importShard(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long nowNs,
        final long elapsedNs,
        final ShardServices services)
    {
        return new ShardImporter(stack, buffer, nowNs, elapsedNs, services).run(offset, length);
    }

    private Tcb tcb(final Flow flow)
    {
        final TcpConnection connection = stack.tcp().connection(flow.local().hi(), flow.local().lo(), flow.localPort(),
            flow.remote().hi(), flow.remote().lo(), flow.remotePort());
        return connection instanceof Connection handle ? handle.tcb() : null;
    }

    private HalfOpen halfOpen(final Flow flow)
    {
        return transfers.halfOpen(flow.local().hi(), flow.local().lo(), flow.localPort(),
            flow.remote().hi(), flow.remote().lo(), flow.remotePort());
    }

    private TimeWait timeWait(final Flow flow)
    {
        return transfers.timeWait(flow.local().hi(), flow.local().lo(), flow.localPort(),
            flow.remote().hi(), flow.remote().lo(), flow.remotePort());
    }

    private static StateException absent(final Flow flow)
    {
        return new StateException("flow", flow.toString(), "this shard has no such connection");
    }
}
