package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.Packet;
import dev.baton.stack.service.UdpError;
import dev.baton.stack.service.UdpMessage;
import dev.baton.stack.service.UdpService;
import dev.baton.stack.service.UdpSocket;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.state.codec.UdpSocketDecoder;
import dev.baton.stack.state.codec.UdpSocketEncoder;
import dev.baton.stack.udp.Ucb;
import dev.baton.stack.udp.UdpErrorQueue;
import dev.baton.stack.udp.UdpHandle;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A UDP socket with what waits in its queues as one {@code UdpSocket} message. There is no time in it, so a socket may
 * stay in an image for as long as it likes. Exporting changes nothing; a move is export, {@link UdpSocket#close()},
 * then import in another shard. Not thread safe.
 */
public final class UdpCodec
{
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final UdpSocketEncoder encoder = new UdpSocketEncoder();
    private final UdpSocketDecoder decoder = new UdpSocketDecoder();
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[Packet.MAX_LENGTH]);
    private final UdpMessage message = new UdpMessage();
    private final UdpError error = new UdpError();

    /** A codec. */
    public UdpCodec()
    {
    }

    /**
     * Write a socket.
     *
     * @param socket open, of any shard.
     * @param buffer to be written to; it grows if it is expandable.
     * @param offset in it.
     * @return length of the record in bytes, message header included.
     * @throws StateException when the socket is closed.
     */
    public int export(final UdpSocket socket, final MutableDirectBuffer buffer, final int offset)
    {
        final Ucb ucb = ((UdpHandle)socket).ucb();
        Rules.require(ucb.id != 0, "id", ucb.id, "the socket is closed; export it before that");
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder);
        encoder.flags().clear()
            .addressBound(ucb.addressBound)
            .portBound(ucb.portBound)
            .reuseAddress(ucb.reuseAddress)
            .reusePort(ucb.reusePort)
            .reportErrors(ucb.reportErrors)
            .noChecksum(ucb.noChecksum)
            .readableDue(ucb.readableDue)
            .errorDue(ucb.errorDue);
        encoder
            .id(ucb.id)
            .family((short)ucb.family.ordinal())
            .localHi(ucb.local.hi())
            .localLo(ucb.local.lo())
            .localPort(ucb.localPort)
            .remoteHi(ucb.remote == null ? 0 : ucb.remote.hi())
            .remoteLo(ucb.remote == null ? 0 : ucb.remote.lo())
            .remotePort(ucb.remotePort)
            .ttl((short)ucb.ttl)
            .tos((short)ucb.tos)
            .mtuDiscovery((short)ucb.mtuDiscovery)
            .receiveBufferBytes(ucb.receiveBufferBytes)
            .pendingError((short)ucb.error)
            .drops(ucb.drops);
        writeDatagrams(ucb);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    private void writeDatagrams(final Ucb ucb)
    {
        final UdpSocketEncoder.DatagramsEncoder group = encoder.datagramsCount(ucb.queue.count());
        final ExpandableArrayBuffer all = new ExpandableArrayBuffer();
        final int[] end = new int[1];
        ucb.queue.forEach(scratch, message, (datagram) ->
        {
            group.next().length(datagram.length)
                .sourceHi(datagram.sourceHi)
                .sourceLo(datagram.sourceLo)
                .sourcePort(datagram.sourcePort)
                .destinationHi(datagram.destinationHi)
                .destinationLo(datagram.destinationLo)
                .ttl((short)datagram.ttl)
                .tos((short)datagram.tos);
            all.putBytes(end[0], scratch, 0, datagram.length);
            end[0] += datagram.length;
        });
        writeErrors(ucb);
        encoder.putDatagramBytes(all, 0, end[0]);
    }

    private void writeErrors(final Ucb ucb)
    {
        final int count = ucb.errors == null ? 0 : ucb.errors.count();
        final UdpSocketEncoder.ErrorsEncoder group = encoder.errorsCount(count);
        for (int i = 0; i < count; i++)
        {
            final UdpError entry = ucb.errors.get(i);
            group.next().errno((short)entry.errno)
                .version((short)entry.version)
                .icmpType((short)entry.type)
                .code((short)entry.code)
                .mtu(entry.mtu)
                .remoteHi(entry.remoteHi)
                .remoteLo(entry.remoteLo)
                .remotePort(entry.remotePort);
        }
    }

    /**
     * Put a socket into a shard. It keeps its id when that is above all that the shard has given away.
     *
     * @param stack   that it goes on in.
     * @param buffer  that holds the record.
     * @param offset  of the record.
     * @param length  of the record in bytes.
     * @param service that uses it from now on; the calls that were owed come with the next poll.
     * @return the socket.
     * @throws StateException when the record breaks a rule or the shard has no room for it; nothing has changed then.
     */
    public UdpSocket importSocket(
        final NetStack stack, final DirectBuffer buffer, final int offset, final int length, final UdpService service)
    {
        check(stack, buffer, offset, length);
        return build(stack, service);
    }

    /** Verify a record; nothing changes. Returns its fields. */
    UdpSocketDecoder check(final NetStack stack, final DirectBuffer buffer, final int offset, final int length)
    {
        Headers.checkInside(buffer, offset, length);
        final UnsafeBuffer record = new UnsafeBuffer(buffer, offset, length);
        try
        {
            verify(stack, record, length);
        }
        catch (final IndexOutOfBoundsException ex)
        {
            throw new StateException("length", length, "the record is cut off; take all of it");
        }
        return decoder;
    }

    private void verify(final NetStack stack, final UnsafeBuffer record, final int length)
    {
        Headers.check(headerDecoder.wrap(record, 0), UdpSocketDecoder.TEMPLATE_ID, UdpSocketDecoder.BLOCK_LENGTH);
        decoder.wrapAndApplyHeader(record, 0, headerDecoder);
        UdpRules.fields(decoder, stack);
        long bytes = 0;
        for (final UdpSocketDecoder.DatagramsDecoder datagram : decoder.datagrams())
        {
            UdpRules.datagram(datagram);
            bytes += datagram.length();
        }
        final UdpSocketDecoder.ErrorsDecoder errors = decoder.errors();
        Rules.range("errors", errors.count(), 0, UdpErrorQueue.LIMIT);
        while (errors.hasNext())
        {
            UdpRules.error(errors.next());
        }
        Rules.require(decoder.datagramBytesLength() == bytes, "datagramBytes", decoder.datagramBytesLength(),
            "the datagrams are " + bytes + " bytes long together");
        decoder.skipDatagramBytes();
        final int end = MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength();
        Rules.require(end == length, "length", length, "the message is " + end + " bytes long");
        decoder.sbeRewind();
    }

    private UdpSocket build(final NetStack stack, final UdpService service)
    {
        Rules.require(stack.udp().socketCount() < stack.context().maxUdpSockets(), "UDP sockets",
            stack.udp().socketCount(), "it is the limit of this shard; close one, or raise maxUdpSockets");
        final Ucb ucb = stack.udp().prepare(decoder.id(), UdpRules.family(decoder), service);
        UdpRules.fill(decoder, ucb);
        if (!stack.udp().mayAdmit(ucb))
        {
            final int port = ucb.localPort;
            stack.udp().discard(ucb);
            throw new StateException("localPort", port, "another socket of this shard has it; close that one first");
        }
        if (!restore(stack, ucb))
        {
            final int held = ucb.queue.count();
            stack.udp().discard(ucb);
            throw new StateException("datagrams", held,
                "after these the shard's pool has no room for so many bytes; raise poolBytes");
        }
        stack.udp().admit(ucb);
        return ucb.handle();
    }

    private boolean restore(final NetStack stack, final Ucb ucb)
    {
        int at = bytesOffset();
        final DirectBuffer bytes = decoder.buffer();
        boolean taken = true;
        final UdpSocketDecoder.DatagramsDecoder datagrams = decoder.datagrams();
        while (datagrams.hasNext())
        {
            UdpRules.fill(datagrams.next(), message);
            taken = taken && stack.udp().restore(ucb, message, bytes, at);
            at += message.length;
        }
        final UdpSocketDecoder.ErrorsDecoder errors = decoder.errors();
        while (errors.hasNext())
        {
            UdpRules.fill(errors.next(), error);
            stack.udp().restore(ucb, error);
        }
        return taken;
    }

    /** The bytes of the datagrams stand behind both groups, which are passed once to find them. */
    private int bytesOffset()
    {
        decoder.sbeRewind();
        UdpSocketDecoder.DatagramsDecoder datagrams = decoder.datagrams();
        while (datagrams.hasNext())
        {
            datagrams = datagrams.next();
        }
        UdpSocketDecoder.ErrorsDecoder errors = decoder.errors();
        while (errors.hasNext())
        {
            errors = errors.next();
        }
        final int offset = decoder.limit() + UdpSocketDecoder.datagramBytesHeaderLength();
        decoder.sbeRewind();
        return offset;
    }
}
