package dev.baton.stack.sim.check;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.TcpHeader;

/**
 * Names one end of a connection: what its packets have as source and destination.
 *
 * @param localHi    address of this end, upper half.
 * @param localLo    address of this end, lower half.
 * @param localPort  port of this end.
 * @param remoteHi   address of the other end, upper half.
 * @param remoteLo   address of the other end, lower half.
 * @param remotePort port of the other end.
 */
public record FlowKey(long localHi, long localLo, int localPort, long remoteHi, long remoteLo, int remotePort)
{
    /**
     * Of the end that sent a packet.
     *
     * @param packet of TCP.
     * @param header wrapped around its TCP header.
     * @return the key.
     */
    public static FlowKey ofSender(final Packet packet, final TcpHeader header)
    {
        return new FlowKey(
            packet.srcHi(), packet.srcLo(), header.srcPort(), packet.dstHi(), packet.dstLo(), header.dstPort());
    }

    /**
     * The other end.
     *
     * @return with local and remote exchanged.
     */
    public FlowKey peer()
    {
        return new FlowKey(remoteHi, remoteLo, remotePort, localHi, localLo, localPort);
    }

    @Override
    public int hashCode()
    {
        return (int)((localLo * 31 + remoteLo) * 31 + localPort * 65_537L + remotePort);
    }
}
