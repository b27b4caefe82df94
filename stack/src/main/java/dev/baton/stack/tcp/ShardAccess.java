package dev.baton.stack.tcp;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What belongs to a shard's TCP and to none of its connections: for the codec of whole shards. Used by the shard's
 * thread only, between two polls.
 */
public final class ShardAccess
{
    /** The queues of connections whose order matters: who stands first acts first. */
    public enum Queue
    {
        /** Those that output must look at. */
        OUTPUT,
        /** Those whose services are owed calls. */
        CALLS,
        /** Those that wait for memory. */
        MEMORY
    }

    private final TcpEndpoint endpoint;
    private final ConnectionLife life;
    private final Listeners listeners;
    private final TcbQueue starved;
    private final ChallengeAcks challenges;

    ShardAccess(
        final TcpEndpoint endpoint,
        final ConnectionLife life,
        final Listeners listeners,
        final TcbQueue starved,
        final ChallengeAcks challenges)
    {
        this.endpoint = endpoint;
        this.life = life;
        this.listeners = listeners;
        this.starved = starved;
        this.challenges = challenges;
    }

    /**
     * Who listens.
     *
     * @return in the order of port, address and family.
     */
    public List<Listener> listeners()
    {
        return listeners.list();
    }

    /**
     * The listeners whose services are to be told that their accept queues are no longer empty.
     *
     * @return in the order of the calls.
     */
    public List<Listener> announcements()
    {
        return life.acceptQueues.announcements();
    }

    /**
     * Have the services of listeners told that their accept queues are no longer empty, and those of no others.
     *
     * @param toTell in the order of the calls.
     */
    public void announcements(final List<Listener> toTell)
    {
        life.acceptQueues.announce(toTell);
    }

    /**
     * The limit on challenge ACKs.
     *
     * @return live.
     */
    public ChallengeAcks challengeAcks()
    {
        return challenges;
    }

    /**
     * Time of the last poll.
     *
     * @return on the shard's clock.
     */
    public long lastPollNs()
    {
        return endpoint.lastPollNs();
    }

    /**
     * Set the time of the last poll.
     *
     * @param nowNs on the shard's clock.
     */
    public void lastPollNs(final long nowNs)
    {
        endpoint.begin(nowNs);
    }

    /**
     * Set the id of the next connection.
     *
     * @param id above those of all connections that there are.
     */
    public void nextId(final long id)
    {
        life.nextId(id);
    }

    /**
     * The connections in a queue. One that is over and only has to be told so is left out.
     *
     * @param queue which one.
     * @return ids, the first in the queue first.
     */
    public long[] ids(final Queue queue)
    {
        final TcbQueue tcbs = queue(queue);
        final long[] ids = new long[tcbs.size()];
        int count = 0;
        for (int i = 0; i < ids.length; i++)
        {
            final Tcb tcb = tcbs.get(i);
            if (tcb.closeReason < 0)
            {
                ids[count] = tcb.id;
                count++;
            }
        }
        return Arrays.copyOf(ids, count);
    }

    /**
     * Put the connections of a queue in another order.
     *
     * @param queue which one.
     * @param ids   those of {@link #ids(Queue)}; what is missing stands behind them, what is not in the queue is passed over.
     */
    public void arrange(final Queue queue, final long[] ids)
    {
        final TcbQueue tcbs = queue(queue);
        final Map<Long, Tcb> byId = new LinkedHashMap<>();
        while (!tcbs.isEmpty())
        {
            final Tcb tcb = tcbs.poll();
            byId.put(tcb.id, tcb);
        }
        for (final long id : ids)
        {
            final Tcb tcb = byId.remove(id);
            if (tcb != null)
            {
                tcbs.add(tcb);
            }
        }
        byId.values().forEach(tcbs::add);
    }

    private TcbQueue queue(final Queue queue)
    {
        return switch (queue)
        {
            case OUTPUT -> life.dirty;
            case CALLS -> life.ready;
            case MEMORY -> starved;
        };
    }
}
