package dev.baton.stack.state;

import dev.baton.stack.ip.PathMtu;
import dev.baton.stack.ip.Paths;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.state.codec.PathMtusDecoder;
import dev.baton.stack.state.codec.PathMtusEncoder;
import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A {@link PathMtu} cache as one {@code PathMtus} message. Not thread safe. */
public final class PathMtuCodec
{
    private static final int MAX_ENTRIES = 32_768;
    private static final int MAX_MTU = 65_535;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final PathMtusEncoder encoder = new PathMtusEncoder();
    private final PathMtusDecoder decoder = new PathMtusDecoder();
    private final GroupFrame frame = new GroupFrame();

    /** A codec. */
    public PathMtuCodec()
    {
    }

    /**
     * Write a cache.
     *
     * @param cache  to be written.
     * @param nowNs  the cut.
     * @param buffer that may have to grow.
     * @param offset of the message header.
     * @return length of header and message in bytes.
     */
    public int write(final PathMtu cache, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder);
        final PathMtusEncoder.PathsEncoder group = encoder.pathsCount(cache.size());
        cache.forEach((dstHi, dstLo, mtuBytes, expiresNs) ->
            group.next().dstHi(dstHi).dstLo(dstLo).mtuBytes(mtuBytes).expiresInNs(expiresNs - nowNs));
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /**
     * Read a cache; nothing has changed when it is refused.
     *
     * @param buffer that holds the message.
     * @param offset of the message header.
     * @param length of header and message in bytes.
     * @param nowNs  the cut, on the clock of the shard that reads.
     * @param cache  whose entries are replaced; when it is smaller, the first to expire are left out.
     * @throws StateException when the bytes are no valid message, or an entry cannot be one.
     */
    public void read(
        final DirectBuffer buffer, final int offset, final int length, final long nowNs, final PathMtu cache)
    {
        check(buffer, offset, length);
        cache.clear();
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        for (final PathMtusDecoder.PathsDecoder path : decoder.paths())
        {
            cache.put(path.dstHi(), path.dstLo(), path.mtuBytes(), nowNs + path.expiresInNs());
        }
    }

    /** Verify a cache; nothing changes. Returns how many entries it has. */
    int check(final DirectBuffer buffer, final int offset, final int length)
    {
        frame.begin(buffer, offset, length, PathMtusDecoder.TEMPLATE_ID, PathMtusDecoder.BLOCK_LENGTH);
        final int count = frame.group("paths", PathMtusDecoder.PathsDecoder.sbeBlockLength(), MAX_ENTRIES);
        frame.end();
        long last = Long.MIN_VALUE;
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        for (final PathMtusDecoder.PathsDecoder path : decoder.paths())
        {
            final boolean v4 = IpAddress.isV4(path.dstHi(), path.dstLo());
            Rules.range("paths.mtuBytes", path.mtuBytes(), v4 ? Paths.MIN_MTU_BYTES_V4 : Paths.MIN_MTU_BYTES_V6, MAX_MTU);
            Rules.span("paths.expiresInNs", path.expiresInNs());
            Rules.require(path.expiresInNs() >= last, "paths.expiresInNs", path.expiresInNs(),
                "the first to expire stands first, and the one before has " + last);
            last = path.expiresInNs();
        }
        return count;
    }
}
