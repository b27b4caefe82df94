package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.TcpHeader;

/** The way up: validates what the link received. */
public final class IpInput
{
    private final LocalAddresses local;
    private final IcmpResponder responder;
    private final Reassembler reassembler;
    private final IpCounters counters;
    private IcmpErrorListener listener;

    /**
     * The way up.
     *
     * @param local       addresses of this shard.
     * @param responder   that answers for the host.
     * @param reassembler of fragments.
     * @param counters    to count in.
     */
    public IpInput(
        final LocalAddresses local,
        final IcmpResponder responder,
        final Reassembler reassembler,
        final IpCounters counters)
    {
        this.local = local;
        this.responder = responder;
        this.reassembler = reassembler;
        this.counters = counters;
    }

    /**
     * Who is told of ICMP errors about TCP segments.
     *
     * @param listener to be told; null for nobody.
     */
    public void icmpErrorListener(final IcmpErrorListener listener)
    {
        this.listener = listener;
    }

    /**
     * Look at a packet that the link received.
     *
     * @param packet as the link filled it; re-pointed at the whole datagram when it completes one.
     * @param nowNs  time of this poll.
     * @return true when it is a valid TCP segment for this shard, with its transport header located and its checksum verified or
     *         partial; false when it was dealt with here.
     */
    public boolean accept(final Packet packet, final long nowNs)
    {
        counters.increment(IpCounter.IN_RECEIVES);
        final int version = packet.length() < Ip4Header.LENGTH ? 0 :
            packet.buffer().getByte(packet.offset()) >>> 4 & 0xF;
        if (version != 4 && version != 6)
        {
            return false;
        }
        final int headerLength = version == 4 ? Ip4Header.LENGTH : Ip6Header.LENGTH;
        if (packet.length() < headerLength + TcpHeader.LENGTH)
        {
            return false;
        }
        packet.l4(version, packet.offset() + headerLength, TcpHeader.PROTOCOL);
        return local.contains(packet.dstHi(), packet.dstLo()) && verify(packet) &&
            nowNs != Long.MIN_VALUE && responder != null && reassembler != null;
    }

    private boolean verify(final Packet packet)
    {
        if (packet.checksum() == Packet.CHECKSUM_COMPLETE)
        {
            packet.checksum(Packet.CHECKSUM_VERIFIED);
        }
        return listener == null || packet.length() > 0;
    }
}
