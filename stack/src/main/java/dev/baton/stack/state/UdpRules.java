package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.Packet;
import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.UdpError;
import dev.baton.stack.service.UdpMessage;
import dev.baton.stack.state.codec.UdpFlagsDecoder;
import dev.baton.stack.state.codec.UdpSocketDecoder;
import dev.baton.stack.udp.Ucb;
import dev.baton.stack.wire.IpAddress;

/** What the fields of a UDP socket's record may be, and which field of the socket each of them is. */
final class UdpRules
{
    private static final IpFamily[] FAMILIES = IpFamily.values();
    private static final int HIGHEST_ERRNO = 133;
    private static final int HIGHEST_MTU_DISCOVERY = 3;
    private static final int HIGHEST_OCTET = 255;
    private static final int LONGEST_DATAGRAM = 65_527;

    private UdpRules()
    {
    }

    static IpFamily family(final UdpSocketDecoder fields)
    {
        return FAMILIES[fields.family()];
    }

    static void fields(final UdpSocketDecoder fields, final NetStack stack)
    {
        Rules.range("id", fields.id(), 1, Long.MAX_VALUE - 1);
        Rules.range("family", fields.family(), 0, FAMILIES.length - 1);
        Rules.range("localPort", fields.localPort(), 0, 65_535);
        Rules.range("remotePort", fields.remotePort(), 0, 65_535);
        Rules.range("ttl", fields.ttl(), Ucb.DEFAULT_TTL, HIGHEST_OCTET);
        Rules.range("tos", fields.tos(), 0, HIGHEST_OCTET);
        Rules.range("mtuDiscovery", fields.mtuDiscovery(), 0, HIGHEST_MTU_DISCOVERY);
        Rules.range("receiveBufferBytes", fields.receiveBufferBytes(), 1, 1 << 30);
        Rules.range("pendingError", fields.pendingError(), 0, HIGHEST_ERRNO);
        Rules.range("drops", fields.drops(), 0, Long.MAX_VALUE);
        final IpAddress local = new IpAddress(fields.localHi(), fields.localLo());
        if (!local.equals(IpAddress.ANY) && !stack.context().addresses().contains(local))
        {
            throw new StateException("local address", local.toString(),
                "it is none of this shard's addresses, " + stack.context().addresses() + "; add it first");
        }
        final boolean peer = (fields.remoteHi() | fields.remoteLo()) != 0;
        Rules.require(peer == (fields.remotePort() != 0), "remotePort", fields.remotePort(),
            "a peer has an address and a port, or neither");
        Rules.require(!peer || fields.localPort() != 0, "localPort", fields.localPort(),
            "a socket with a peer has a local port");
        checkFamily("local address", local, family(fields));
        checkFamily("remote address", new IpAddress(fields.remoteHi(), fields.remoteLo()), family(fields));
    }

    private static void checkFamily(final String field, final IpAddress address, final IpFamily family)
    {
        final boolean taken = address.isV4() ? family.takesV4() : family.takesV6();
        if (!address.equals(IpAddress.ANY) && !taken)
        {
            throw new StateException(field, address.toString(), "a socket of the family " + family + " has no such address");
        }
    }

    static void datagram(final UdpSocketDecoder.DatagramsDecoder datagram)
    {
        Rules.range("length", datagram.length(), 0, LONGEST_DATAGRAM);
        Rules.range("sourcePort", datagram.sourcePort(), 0, 65_535);
    }

    static void error(final UdpSocketDecoder.ErrorsDecoder error)
    {
        Rules.range("errno", error.errno(), 1, HIGHEST_ERRNO);
        Rules.require(error.version() == 0 || error.version() == 4 || error.version() == 6, "version", error.version(),
            "it is 4, 6, or 0 for an error of our own");
        Rules.range("mtu", error.mtu(), 0, Packet.MAX_LENGTH);
    }

    static void fill(final UdpSocketDecoder fields, final Ucb ucb)
    {
        final UdpFlagsDecoder flags = fields.flags();
        ucb.addressBound = flags.addressBound();
        ucb.portBound = flags.portBound();
        ucb.reuseAddress = flags.reuseAddress();
        ucb.reusePort = flags.reusePort();
        ucb.reportErrors = flags.reportErrors();
        ucb.noChecksum = flags.noChecksum();
        ucb.readableDue = flags.readableDue();
        ucb.errorDue = flags.errorDue();
        ucb.local = new IpAddress(fields.localHi(), fields.localLo());
        ucb.localPort = fields.localPort();
        ucb.remote = fields.remotePort() == 0 ? null : new IpAddress(fields.remoteHi(), fields.remoteLo());
        ucb.remotePort = fields.remotePort();
        ucb.ttl = fields.ttl();
        ucb.tos = fields.tos();
        ucb.mtuDiscovery = fields.mtuDiscovery();
        ucb.receiveBufferBytes = fields.receiveBufferBytes();
        ucb.error = fields.pendingError();
        ucb.drops = fields.drops();
    }

    static void fill(final UdpSocketDecoder.DatagramsDecoder datagram, final UdpMessage message)
    {
        message.length = datagram.length();
        message.sourceHi = datagram.sourceHi();
        message.sourceLo = datagram.sourceLo();
        message.sourcePort = datagram.sourcePort();
        message.destinationHi = datagram.destinationHi();
        message.destinationLo = datagram.destinationLo();
        message.ttl = datagram.ttl();
        message.tos = datagram.tos();
    }

    static void fill(final UdpSocketDecoder.ErrorsDecoder error, final UdpError entry)
    {
        entry.errno = error.errno();
        entry.version = error.version();
        entry.type = error.icmpType();
        entry.code = error.code();
        entry.mtu = error.mtu();
        entry.remoteHi = error.remoteHi();
        entry.remoteLo = error.remoteLo();
        entry.remotePort = error.remotePort();
    }
}
