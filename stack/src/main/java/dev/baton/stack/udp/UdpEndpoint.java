package dev.baton.stack.udp;

import dev.baton.stack.ShardRandom;
import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.ip.IcmpErrorListener;
import dev.baton.stack.ip.IpCounters;
import dev.baton.stack.ip.IpOutput;
import dev.baton.stack.ip.LocalAddresses;
import dev.baton.stack.ip.Paths;
import dev.baton.stack.ip.UdpInput;
import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.UdpError;
import dev.baton.stack.service.UdpMessage;
import dev.baton.stack.service.UdpService;
import dev.baton.stack.service.UdpSocket;
import dev.baton.stack.tcp.BufferPool;
import org.agrona.DirectBuffer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The UDP of a shard: its sockets, and the calls to their services. Queues share the shard's pool with TCP's buffers.
 * Used by the shard's thread only.
 */
public final class UdpEndpoint
{
    private final StackContext context;
    private final StackCounters counters;
    private final BufferPool buffers;
    private final UdpTable table;
    private final UdpSender sender;
    private final UdpBinding binding;
    private final UdpReceiver receiver;
    private final UdpErrors errors;
    private final ArrayDeque<Ucb> ready = new ArrayDeque<>();
    private Ucb first;
    private Ucb last;
    private int count;
    private long nextId = 1;
    private long nextIdBefore = 1;
    private long lastPollNs;

    /**
     * The UDP of a shard.
     *
     * @param context    concluded.
     * @param addresses  of the shard.
     * @param paths      to destinations.
     * @param ip         sends packets.
     * @param ipCounters of the shard's IP layer, UDP's among them.
     * @param counters   of the shard.
     * @param random     the shard's only source.
     * @param buffers    the shard's pool.
     */
    public UdpEndpoint(
        final StackContext context,
        final LocalAddresses addresses,
        final Paths paths,
        final IpOutput ip,
        final IpCounters ipCounters,
        final StackCounters counters,
        final ShardRandom random,
        final BufferPool buffers)
    {
        this.context = context;
        this.counters = counters;
        this.buffers = buffers;
        table = new UdpTable(tableKey(context.secret0(), context.secret1()));
        sender = new UdpSender(paths, ip, ipCounters);
        binding = new UdpBinding(context, random, addresses, table, sender);
        receiver = new UdpReceiver(context, ipCounters, table, this);
        errors = new UdpErrors(table, paths, this);
    }

    private static long tableKey(final long secret0, final long secret1)
    {
        return secret0 ^ Long.rotateLeft(secret1, 17);
    }

    /**
     * Take the secret of another shard; there is no socket yet. For codecs.
     *
     * @param secret0 first half.
     * @param secret1 second half.
     */
    public void secret(final long secret0, final long secret1)
    {
        table.key(tableKey(secret0, secret1));
    }

    /**
     * The id of the next socket, for codecs.
     *
     * @return above all that were given away.
     */
    public long nextId()
    {
        return nextId;
    }

    /**
     * Set the id of the next socket, for codecs.
     *
     * @param id above those of all sockets that there are.
     */
    public void nextId(final long id)
    {
        nextId = id;
        nextIdBefore = id;
    }

    /**
     * Time of the last poll, for codecs.
     *
     * @return on the shard's clock.
     */
    public long lastPollNs()
    {
        return lastPollNs;
    }

    /**
     * Set the time of the last poll, for codecs.
     *
     * @param nowNs on the shard's clock.
     */
    public void lastPollNs(final long nowNs)
    {
        lastPollNs = nowNs;
    }

    /**
     * The sockets whose services are owed calls, for codecs.
     *
     * @return ids in the order of the calls.
     */
    public long[] readyIds()
    {
        return ready.stream().filter((ucb) -> ucb.id != 0).mapToLong((ucb) -> ucb.id).toArray();
    }

    /**
     * Put the sockets whose services are owed calls in another order, for codecs.
     *
     * @param ids those of {@link #readyIds()}.
     */
    public void arrangeReady(final long[] ids)
    {
        final List<Ucb> order = arranged(ready, ids);
        ready.clear();
        ready.addAll(order);
    }

    /**
     * The sockets of a port in the order in which they are looked at, for codecs.
     *
     * @param port of the sockets.
     * @return ids; the latest that got the port first.
     */
    public long[] sharingIds(final int port)
    {
        return table.sharing(port).stream().mapToLong((ucb) -> ucb.id).toArray();
    }

    /**
     * Put the sockets of a port in another order, for codecs.
     *
     * @param port of the sockets.
     * @param ids  those of {@link #sharingIds(int)}.
     */
    public void arrangeSharing(final int port, final long[] ids)
    {
        final List<Ucb> order = arranged(table.sharing(port), ids);
        order.forEach(table::remove);
        for (int i = order.size() - 1; i >= 0; i--)
        {
            table.add(order.get(i));
        }
    }

    /** Those with these ids in their order, then the others as they stood; an id that nobody has is passed over. */
    private static List<Ucb> arranged(final Collection<Ucb> ucbs, final long[] ids)
    {
        final Map<Long, Ucb> byId = new LinkedHashMap<>();
        ucbs.forEach((ucb) -> byId.put(ucb.id, ucb));
        final List<Ucb> order = new ArrayList<>();
        for (final long id : ids)
        {
            final Ucb ucb = byId.remove(id);
            if (ucb != null)
            {
                order.add(ucb);
            }
        }
        order.addAll(byId.values());
        return order;
    }

    /**
     * Make a socket.
     *
     * @param family  which addresses it deals with.
     * @param service is told of datagrams and errors.
     * @return a socket with neither port nor peer.
     * @throws IllegalStateException when there are as many sockets as there may be.
     */
    public UdpSocket open(final IpFamily family, final UdpService service)
    {
        final Ucb ucb = make(nextId, family, service);
        nextId++;
        return ucb.handle;
    }

    private Ucb make(final long id, final IpFamily family, final UdpService service)
    {
        if (count == context.maxUdpSockets())
        {
            throw new IllegalStateException("cannot open a UDP socket: there are " + count +
                ", which is the limit; close one, or raise maxUdpSockets");
        }
        final Ucb ucb = new Ucb(new DatagramRing(buffers), this);
        ucb.id = id;
        ucb.family = family;
        ucb.service = service;
        ucb.receiveBufferBytes = context.datagramBufferBytes();
        link(ucb);
        count++;
        return ucb;
    }

    /**
     * Prepare a socket that was in another shard: it has nothing yet, and {@link #admit} makes it known. For codecs.
     *
     * @param id      that it had; kept when this shard has never given it away.
     * @param family  which addresses it deals with.
     * @param service is told of datagrams and errors.
     * @return its state, to be filled.
     * @throws IllegalStateException when there are as many sockets as there may be.
     */
    public Ucb prepare(final long id, final IpFamily family, final UdpService service)
    {
        final Ucb ucb = make(Math.max(id, nextId), family, service);
        nextIdBefore = nextId;
        nextId = ucb.id + 1;
        return ucb;
    }

    /**
     * Could a socket take its local address and port here?
     *
     * @param ucb prepared and filled.
     * @return false when another one has them.
     */
    public boolean mayAdmit(final Ucb ucb)
    {
        return ucb.localPort == 0 || !table.conflicts(ucb, ucb.local, ucb.localPort);
    }

    /**
     * Make a prepared socket known, and owe its service the calls that were owed.
     *
     * @param ucb prepared and filled.
     */
    public void admit(final Ucb ucb)
    {
        if (ucb.localPort != 0)
        {
            table.add(ucb);
        }
        if (ucb.readableDue || ucb.errorDue)
        {
            markReady(ucb);
        }
    }

    /**
     * Forget a prepared socket that was not admitted; it is as if it had never been prepared.
     *
     * @param ucb prepared last.
     */
    public void discard(final Ucb ucb)
    {
        ucb.localPort = 0;
        close(ucb);
        nextId = nextIdBefore;
    }

    /**
     * Put a datagram into the queue of a prepared socket.
     *
     * @param ucb     prepared.
     * @param message what is known of it.
     * @param src     where its bytes are.
     * @param offset  in it.
     * @return false when the shard's pool has no room.
     */
    public boolean restore(final Ucb ucb, final UdpMessage message, final DirectBuffer src, final int offset)
    {
        return ucb.queue.add(message, src, offset);
    }

    /**
     * Put an error into the error queue of a prepared socket.
     *
     * @param ucb   prepared.
     * @param error is copied.
     * @return false when the queue is full.
     */
    public boolean restore(final Ucb ucb, final UdpError error)
    {
        final UdpError slot = UdpErrors.slot(ucb);
        if (slot != null)
        {
            UdpErrorQueue.copy(error, slot);
        }
        return slot != null;
    }

    /**
     * Visit all sockets in the order of their ids.
     *
     * @param visitor must neither open nor close one.
     */
    public void forEach(final Consumer<Ucb> visitor)
    {
        for (Ucb ucb = first; ucb != null; ucb = ucb.nextById)
        {
            visitor.accept(ucb);
        }
    }

    /** {@return how many sockets there are} */
    public int socketCount()
    {
        return count;
    }

    /** {@return who takes datagrams} */
    public UdpInput input()
    {
        return receiver;
    }

    /** {@return who is told of ICMP errors about datagrams} */
    public IcmpErrorListener icmpErrorListener()
    {
        return errors;
    }

    /**
     * Call the services that have something to be told. A socket that a call makes ready again waits for the next poll.
     *
     * @param nowNs time of this poll.
     * @return calls made.
     */
    public int settle(final long nowNs)
    {
        lastPollNs = nowNs;
        int calls = 0;
        for (int left = ready.size(); left > 0; left--)
        {
            final Ucb ucb = ready.poll();
            ucb.ready = false;
            if (ucb.id != 0)
            {
                calls++;
                call(ucb);
            }
        }
        return calls;
    }

    private void call(final Ucb ucb)
    {
        final boolean errorDue = ucb.errorDue;
        final boolean readableDue = ucb.readableDue;
        ucb.errorDue = false;
        ucb.readableDue = false;
        try
        {
            if (errorDue)
            {
                ucb.service.onError(ucb.handle);
            }
            if (readableDue && ucb.id != 0 && ucb.queue.count() > 0)
            {
                ucb.service.onReadable(ucb.handle);
            }
        }
        catch (final RuntimeException | Error ex)
        {
            counters.increment(StackCounter.SERVICE_FAULTS);
            close(ucb);
            context.errorHandler().accept(ex);
        }
    }

    /**
     * When the next poll is due at the latest.
     *
     * @return the time of the last poll when a call is owed, else {@link Long#MAX_VALUE}.
     */
    public long nextDeadlineNs()
    {
        return ready.isEmpty() ? Long.MAX_VALUE : lastPollNs;
    }

    /**
     * Close a socket: its port is free, its queue gone. Nobody is called.
     *
     * @param ucb of this shard; nothing happens when it is closed already.
     */
    public void close(final Ucb ucb)
    {
        if (ucb.id == 0)
        {
            return;
        }
        if (ucb.localPort != 0)
        {
            table.remove(ucb);
        }
        ucb.queue.release();
        ucb.errors = null;
        unlink(ucb);
        ucb.id = 0;
        count--;
    }

    StackContext context()
    {
        return context;
    }

    UdpBinding binding()
    {
        return binding;
    }

    UdpSender sender()
    {
        return sender;
    }

    void markReady(final Ucb ucb)
    {
        if (!ucb.ready)
        {
            ucb.ready = true;
            ready.add(ucb);
        }
    }

    private void link(final Ucb ucb)
    {
        ucb.previousById = last;
        if (last == null)
        {
            first = ucb;
        }
        else
        {
            last.nextById = ucb;
        }
        last = ucb;
    }

    private void unlink(final Ucb ucb)
    {
        if (ucb.previousById == null)
        {
            first = ucb.nextById;
        }
        else
        {
            ucb.previousById.nextById = ucb.nextById;
        }
        if (ucb.nextById == null)
        {
            last = ucb.previousById;
        }
        else
        {
            ucb.nextById.previousById = ucb.previousById;
        }
    }
}
