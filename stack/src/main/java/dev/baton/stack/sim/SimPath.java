package dev.baton.stack.sim;

import dev.baton.stack.Packet;

import java.util.ArrayDeque;

/**
 * One direction between two links: what it does to packets, and what it has done. Every packet goes through the same
 * steps: filter, partition, loss, MTU, corruption, duplication, hold, rate and queue, ECN mark, delay. Settings may be
 * changed at any time; they apply to packets sent from then on.
 * <p>
 * Jitter alone keeps the order of packets; only {@link #reorder(double, long)} changes it.
 */
public final class SimPath
{
    /** The most packets that are held. */
    public static final int MAX_HELD_PACKETS = 65536;
    /** Delay of a path that was not told otherwise, in nanoseconds. */
    public static final long DEFAULT_DELAY_NS = 500_000;

    private static final long BIT_NS_PER_BYTE = 8_000_000_000L;

    private final long[] dropped = new long[DropReason.values().length];
    private final ArrayDeque<SimPacket> heldPackets = new ArrayDeque<>();
    private SimNetwork network;
    private long delayNs = DEFAULT_DELAY_NS;
    private long jitterNs;
    private long bitsPerSecond;
    private int queueBytes;
    private double lossProbability;
    private double burstEnter;
    private double burstLeave;
    private double burstLoss;
    private boolean inBurst;
    private double reorderProbability;
    private long reorderDelayNs;
    private double duplicateProbability;
    private double corruptProbability;
    private int mtu = Packet.MAX_LENGTH;
    private boolean signalTooBig;
    private EarlyDetection early;
    private double ecnProbability;
    private boolean partitioned;
    private boolean holding;
    private PacketFilter filter;
    private long busyUntilNs = Long.MIN_VALUE;
    private long lastArrivalNs = Long.MIN_VALUE;
    private long accepted;
    private long reordered;
    private long duplicated;
    private long corrupted;
    private long marked;
    private final EcnMark ecn = new EcnMark();

    SimPath()
    {
    }

    /** A path with the settings of another one, and a history of its own. */
    SimPath(final SimNetwork network, final SimPath template)
    {
        this.network = network;
        delayNs = template.delayNs;
        jitterNs = template.jitterNs;
        bitsPerSecond = template.bitsPerSecond;
        queueBytes = template.queueBytes;
        lossProbability = template.lossProbability;
        burstEnter = template.burstEnter;
        burstLeave = template.burstLeave;
        burstLoss = template.burstLoss;
        reorderProbability = template.reorderProbability;
        reorderDelayNs = template.reorderDelayNs;
        duplicateProbability = template.duplicateProbability;
        corruptProbability = template.corruptProbability;
        mtu = template.mtu;
        signalTooBig = template.signalTooBig;
        early = template.early == null ? null : template.early.fresh();
        ecnProbability = template.ecnProbability;
        partitioned = template.partitioned;
        filter = template.filter;
    }

    /**
     * Time from one end to the other.
     *
     * @param delayNs  of every packet.
     * @param jitterNs at most so much more, by chance.
     * @return this.
     */
    public SimPath delay(final long delayNs, final long jitterNs)
    {
        this.delayNs = notNegative("delay", delayNs);
        this.jitterNs = notNegative("jitter", jitterNs);
        return this;
    }

    /**
     * Time from one end to the other, without jitter.
     *
     * @param delayNs of every packet.
     * @return this.
     */
    public SimPath delay(final long delayNs)
    {
        return delay(delayNs, 0);
    }

    /**
     * Limit the rate, with a drop-tail queue in front.
     *
     * @param bitsPerSecond on the wire, IP headers included; 0 for no limit.
     * @param queueBytes    that may wait.
     * @return this.
     */
    public SimPath rate(final long bitsPerSecond, final int queueBytes)
    {
        this.bitsPerSecond = notNegative("rate", bitsPerSecond);
        this.queueBytes = (int)notNegative("queue", queueBytes);
        return this;
    }

    /**
     * Lose packets before the queue in front of the rate limit is full, the more the longer it is on average (random
     * early detection); those that are ECN-capable are marked instead (RFC 3168, section 5). Counts only with
     * {@link #rate(long, int)}.
     *
     * @param minBytes       average length of the queue up to which nothing happens.
     * @param maxBytes       average length from which every packet is chosen; above {@code minBytes}.
     * @param maxProbability that a packet is chosen just below that.
     * @return this.
     * @throws IllegalArgumentException when the limits are not in order.
     */
    public SimPath earlyDetection(final int minBytes, final int maxBytes, final double maxProbability)
    {
        if (minBytes < 0 || maxBytes <= minBytes)
        {
            throw new IllegalArgumentException("early detection between " + minBytes + " and " + maxBytes +
                " bytes: the second limit must be above the first, and neither negative");
        }
        early = new EarlyDetection(minBytes, maxBytes, probability("early detection", maxProbability));
        return this;
    }

    /**
     * Let the queue in front of the rate limit lose packets only when it is full, as it does from the start.
     *
     * @return this.
     */
    public SimPath dropTail()
    {
        early = null;
        return this;
    }

    /**
     * Set CE in some of the packets that are ECN-capable (RFC 3168, section 5).
     *
     * @param probability 0 to 1, per packet.
     * @return this.
     */
    public SimPath markEcn(final double probability)
    {
        this.ecnProbability = probability("ECN mark", probability);
        return this;
    }

    /**
     * Lose packets independently of each other.
     *
     * @param probability 0 to 1.
     * @return this.
     */
    public SimPath loss(final double probability)
    {
        this.lossProbability = probability("loss", probability);
        return this;
    }

    /**
     * Lose packets in bursts (Gilbert's model of a good and a bad state).
     *
     * @param enter probability, per packet, that the bad state begins.
     * @param leave probability, per packet, that it ends.
     * @param lost  probability of a loss in the bad state.
     * @return this.
     */
    public SimPath burstLoss(final double enter, final double leave, final double lost)
    {
        this.burstEnter = probability("burst enter", enter);
        this.burstLeave = probability("burst leave", leave);
        this.burstLoss = probability("burst loss", lost);
        this.inBurst = false;
        return this;
    }

    /**
     * Let later packets overtake some.
     *
     * @param probability  that a packet is overtaken.
     * @param extraDelayNs that it is late.
     * @return this.
     */
    public SimPath reorder(final double probability, final long extraDelayNs)
    {
        this.reorderProbability = probability("reorder", probability);
        this.reorderDelayNs = notNegative("reorder delay", extraDelayNs);
        return this;
    }

    /**
     * Deliver some packets twice.
     *
     * @param probability 0 to 1.
     * @return this.
     */
    public SimPath duplicate(final double probability)
    {
        this.duplicateProbability = probability("duplicate", probability);
        return this;
    }

    /**
     * Change one byte of some packets.
     *
     * @param probability 0 to 1.
     * @return this.
     */
    public SimPath corrupt(final double probability)
    {
        this.corruptProbability = probability("corrupt", probability);
        return this;
    }

    /**
     * Lose packets that are too big.
     *
     * @param bytes  greatest packet.
     * @param signal true to send "fragmentation needed" or "packet too big" to the sender, false for a black hole.
     * @return this.
     */
    public SimPath mtu(final int bytes, final boolean signal)
    {
        this.mtu = (int)notNegative("MTU", bytes);
        this.signalTooBig = signal;
        return this;
    }

    /**
     * Lose the packets that a filter chooses.
     *
     * @param filter to be asked; null for none.
     * @return this.
     */
    public SimPath filter(final PacketFilter filter)
    {
        this.filter = filter;
        return this;
    }

    /**
     * Lose everything, or no longer.
     *
     * @param partitioned true to lose everything.
     * @return this.
     */
    public SimPath partition(final boolean partitioned)
    {
        this.partitioned = partitioned;
        return this;
    }

    /**
     * Keep packets back from now on.
     *
     * @return this.
     */
    public SimPath hold()
    {
        holding = true;
        return this;
    }

    /**
     * Send on what was kept back, in order, and keep nothing back any more.
     *
     * @return this.
     */
    public SimPath release()
    {
        holding = false;
        while (!heldPackets.isEmpty())
        {
            launch(heldPackets.pollFirst());
        }
        return this;
    }

    /**
     * Packets that were taken from the sender: super-segments count as their segments where the path has faults.
     *
     * @return how many.
     */
    public long accepted()
    {
        return accepted;
    }

    /**
     * Packets that were lost.
     *
     * @param reason why.
     * @return how many.
     */
    public long dropped(final DropReason reason)
    {
        return dropped[reason.ordinal()];
    }

    /**
     * Packets that were made late.
     *
     * @return how many.
     */
    public long reordered()
    {
        return reordered;
    }

    /**
     * Packets that were sent twice.
     *
     * @return how many.
     */
    public long duplicated()
    {
        return duplicated;
    }

    /**
     * Packets that were changed.
     *
     * @return how many.
     */
    public long corrupted()
    {
        return corrupted;
    }

    /**
     * Packets in which CE was set.
     *
     * @return how many.
     */
    public long marked()
    {
        return marked;
    }

    /** Does a super-segment pass as one packet? Not where something is done to, or counted by, packets of the wire. */
    boolean carriesWhole()
    {
        return filter == null && !partitioned && lossProbability == 0 && burstEnter == 0 && bitsPerSecond == 0 &&
            reorderProbability == 0 && duplicateProbability == 0 && corruptProbability == 0 && ecnProbability == 0 &&
            mtu == Packet.MAX_LENGTH;
    }

    int packetsHeld()
    {
        return heldPackets.size();
    }

    /**
     * Take a packet of the wire.
     *
     * @param packet owned by the path from now on.
     */
    void send(final SimPacket packet)
    {
        accepted++;
        final DropReason reason = fate(packet);
        if (reason != null)
        {
            lose(packet, reason);
            return;
        }
        final SimRandom random = network.random();
        if (random.chance(corruptProbability))
        {
            corrupted++;
            final int at = packet.packet.offset() + random.nextInt(packet.packet.length());
            packet.buffer.putByte(at, (byte)(packet.buffer.getByte(at) ^ 1 + random.nextInt(255)));
        }
        final SimPacket twin = random.chance(duplicateProbability) ? network.copy(packet) : null;
        holdOrLaunch(packet);
        if (twin != null)
        {
            duplicated++;
            holdOrLaunch(twin);
        }
    }

    private DropReason fate(final SimPacket packet)
    {
        final SimRandom random = network.random();
        if (filter != null && filter.drop(packet.packet, network.nowNs()))
        {
            return DropReason.FILTER;
        }
        if (partitioned)
        {
            return DropReason.PARTITION;
        }
        inBurst = inBurst ? !random.chance(burstLeave) : random.chance(burstEnter);
        if (inBurst && random.chance(burstLoss))
        {
            return DropReason.BURST;
        }
        if (random.chance(lossProbability))
        {
            return DropReason.LOSS;
        }
        return packet.packet.length() > mtu ? DropReason.TOO_BIG : null;
    }

    private void holdOrLaunch(final SimPacket packet)
    {
        if (!holding)
        {
            launch(packet);
        }
        else if (heldPackets.size() == MAX_HELD_PACKETS)
        {
            lose(packet, DropReason.HOLD_FULL);
        }
        else
        {
            heldPackets.addLast(packet);
        }
    }

    private void launch(final SimPacket packet)
    {
        final long nowNs = network.nowNs();
        long departureNs = nowNs;
        if (bitsPerSecond > 0)
        {
            final long waitNs = Math.max(busyUntilNs, nowNs) - nowNs;
            if (waitNs > queueBytes * BIT_NS_PER_BYTE / bitsPerSecond)
            {
                lose(packet, DropReason.QUEUE_FULL);
                return;
            }
            if (early != null && early.chooses(waitNs * bitsPerSecond / BIT_NS_PER_BYTE, network.random()) &&
                !mark(packet))
            {
                lose(packet, DropReason.QUEUE_EARLY);
                return;
            }
            departureNs = nowNs + waitNs + packet.packet.length() * BIT_NS_PER_BYTE / bitsPerSecond;
            busyUntilNs = departureNs;
        }
        if (network.random().chance(ecnProbability))
        {
            mark(packet);
        }
        long arrivalNs = departureNs + delayNs;
        if (jitterNs > 0)
        {
            arrivalNs += network.random().nextLong(jitterNs + 1);
        }
        arrivalNs = Math.max(arrivalNs, lastArrivalNs);
        if (network.random().chance(reorderProbability))
        {
            reordered++;
            arrivalNs += reorderDelayNs;
        }
        else
        {
            lastArrivalNs = arrivalNs;
        }
        network.fly(packet, arrivalNs);
    }

    private boolean mark(final SimPacket packet)
    {
        final boolean done = ecn.mark(packet.packet);
        marked += done ? 1 : 0;
        return done;
    }

    private void lose(final SimPacket packet, final DropReason reason)
    {
        dropped[reason.ordinal()]++;
        if (reason == DropReason.TOO_BIG && signalTooBig)
        {
            network.tooBig(packet.packet, mtu);
        }
        network.drop(packet, reason);
    }

    private static double probability(final String what, final double value)
    {
        if (!(value >= 0 && value <= 1))
        {
            throw new IllegalArgumentException(what + " probability " + value + " is not between 0 and 1");
        }
        return value;
    }

    private static long notNegative(final String what, final long value)
    {
        if (value < 0)
        {
            throw new IllegalArgumentException(what + " of a path is " + value + "; it cannot be negative");
        }
        return value;
    }
}
