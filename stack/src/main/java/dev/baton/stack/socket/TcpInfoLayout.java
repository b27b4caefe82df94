package dev.baton.stack.socket;

import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpInfo;
import dev.baton.stack.service.TcpInfoField;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/** Linux's {@code struct tcp_info} (linux/tcp.h): where its fields are. Those that this stack does not have stay 0. */
final class TcpInfoLayout
{
    /** Length of the struct in bytes. */
    static final int LENGTH = 248;

    private static final int STATE_CLOSE = 7;
    private static final int STATE_LISTEN = 10;
    private static final int WSCALE_OFFSET = 6;
    private static final int FIRST_INT_OFFSET = 8;
    private static final int TOTAL_RTO_OFFSET = 240;

    private TcpInfoLayout()
    {
    }

    /** Offset of a field; its width follows from it. -1 for the two that share a byte. */
    private static int offset(final TcpInfoField field)
    {
        switch (field)
        {
            case STATE:
                return 0;
            case CA_STATE:
                return 1;
            case RETRANSMITS:
                return 2;
            case PROBES:
                return 3;
            case BACKOFF:
                return 4;
            case OPTIONS:
                return 5;
            case RTO:
                return 8;
            case ATO:
                return 12;
            case SND_MSS:
                return 16;
            case RCV_MSS:
                return 20;
            case UNACKED:
                return 24;
            case SACKED:
                return 28;
            case LOST:
                return 32;
            case RETRANS:
                return 36;
            case LAST_DATA_SENT:
                return 44;
            case LAST_DATA_RECV:
                return 52;
            case LAST_ACK_RECV:
                return 56;
            case PMTU:
                return 60;
            case RCV_SSTHRESH:
                return 64;
            case RTT:
                return 68;
            case RTTVAR:
                return 72;
            case SND_SSTHRESH:
                return 76;
            case SND_CWND:
                return 80;
            case ADVMSS:
                return 84;
            case RCV_RTT:
                return 92;
            case RCV_SPACE:
                return 96;
            case TOTAL_RETRANS:
                return 100;
            default:
                return late(field);
        }
    }

    private static int late(final TcpInfoField field)
    {
        switch (field)
        {
            case BYTES_ACKED:
                return 120;
            case BYTES_RECEIVED:
                return 128;
            case SEGS_OUT:
                return 136;
            case SEGS_IN:
                return 140;
            case NOTSENT_BYTES:
                return 144;
            case MIN_RTT:
                return 148;
            case BYTES_SENT:
                return 200;
            case BYTES_RETRANS:
                return 208;
            case RCV_OOOPACK:
                return 224;
            case SND_WND:
                return 228;
            case RCV_WND:
                return 232;
            case TOTAL_RTO:
                return TOTAL_RTO_OFFSET;
            default:
                return -1;
        }
    }

    private static boolean isLong(final int offset)
    {
        return offset == 120 || offset == 128 || offset == 200 || offset == 208;
    }

    /** Fill as much of the struct as there is room for; returns the bytes filled. */
    static int fill(
        final TcpConnection connection,
        final boolean listening,
        final MutableDirectBuffer value,
        final int offset,
        final int length)
    {
        final UnsafeBuffer whole = new UnsafeBuffer(new byte[LENGTH]);
        if (connection == null)
        {
            whole.putByte(0, (byte)(listening ? STATE_LISTEN : STATE_CLOSE));
        }
        else
        {
            fill(connection.info(new TcpInfo()), whole);
        }
        final int filled = Math.min(length, LENGTH);
        value.putBytes(offset, whole, 0, filled);
        return filled;
    }

    private static void fill(final TcpInfo info, final UnsafeBuffer whole)
    {
        for (final TcpInfoField field : TcpInfoField.values())
        {
            final int at = offset(field);
            final long number = info.get(field);
            if (at < 0)
            {
                continue;
            }
            if (at < FIRST_INT_OFFSET)
            {
                whole.putByte(at, (byte)number);
            }
            else if (isLong(at))
            {
                whole.putLong(at, number, ByteOrder.nativeOrder());
            }
            else if (at == TOTAL_RTO_OFFSET)
            {
                whole.putShort(at, (short)number, ByteOrder.nativeOrder());
            }
            else
            {
                whole.putInt(at, (int)number, ByteOrder.nativeOrder());
            }
        }
        final long shifts = info.get(TcpInfoField.SND_WSCALE) | info.get(TcpInfoField.RCV_WSCALE) << 4;
        whole.putByte(WSCALE_OFFSET, (byte)shifts);
    }

    static int unsentBytes(final TcpConnection connection)
    {
        return (int)connection.info(new TcpInfo()).get(TcpInfoField.NOTSENT_BYTES);
    }
}
