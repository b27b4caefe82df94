package dev.baton.handoff.early;

import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;
import org.agrona.MutableDirectBuffer;

/**
 * Edits the stored SYN so that the back's TCP can agree to exactly what the front's TCP agreed to, and to nothing more:
 * every option that the front did not agree to is overwritten with NOPs, known to this code or not, and ECN setup is
 * taken back.
 */
final class SynEditor
{
    private SynEditor()
    {
    }

    /**
     * Strip a SYN; its checksum is recomputed afterwards by the caller.
     *
     * @param buffer      that holds it.
     * @param l4Offset    of its TCP header.
     * @param tcp         flyweight to use.
     * @param windowScale did the front agree to window scaling?
     * @param sack        to SACK?
     * @param timestamps  to timestamps?
     * @param ecn         to ECN?
     * @return false when the option list is damaged.
     */
    static boolean strip(
        final MutableDirectBuffer buffer,
        final int l4Offset,
        final TcpHeader tcp,
        final boolean windowScale,
        final boolean sack,
        final boolean timestamps,
        final boolean ecn)
    {
        tcp.wrap(buffer, l4Offset);
        final int headerLength = tcp.headerLength();
        if (!ecn)
        {
            tcp.headerLengthAndFlags(headerLength, tcp.flags() & ~(TcpHeader.ECE | TcpHeader.CWR | TcpHeader.AE));
        }
        final int end = l4Offset + headerLength;
        int at = l4Offset + TcpHeader.LENGTH;
        while (at < end)
        {
            final int kind = buffer.getByte(at) & 0xFF;
            if (kind == TcpOptions.EOL)
            {
                return true;
            }
            if (kind == TcpOptions.NOP)
            {
                at++;
                continue;
            }
            final int size = at + 1 < end ? buffer.getByte(at + 1) & 0xFF : 0;
            if (size < 2 || size > end - at)
            {
                return false;
            }
            final boolean agreed = switch (kind)
            {
                case TcpOptions.MSS -> true;
                case TcpOptions.WINDOW_SCALE -> windowScale;
                case TcpOptions.SACK_PERMITTED -> sack;
                case TcpOptions.TIMESTAMPS -> timestamps;
                default -> false;
            };
            if (!agreed)
            {
                buffer.setMemory(at, size, (byte)TcpOptions.NOP);
            }
            at += size;
        }
        return true;
    }
}
