package dev.baton.stack.tcp;

import dev.baton.stack.service.TcpInfo;
import dev.baton.stack.service.TcpInfoField;

/** Fills a {@link TcpInfo} from a Tcb, in Linux's units. */
final class TcpInfoFiller
{
    private static final long MICROSECOND_NS = 1000;
    private static final long MILLISECOND_NS = 1_000_000;
    /** Linux's numbers of the states, in the order of {@link TcpState}. */
    private static final int[] STATES = {7, 10, 2, 3, 1, 4, 5, 8, 11, 9, 6};

    private TcpInfoFiller()
    {
    }

    static TcpInfo fill(final TcpInfo info, final Tcb tcb, final long nowNs)
    {
        info.clear();
        agreed(info, tcb);
        times(info, tcb, nowNs);
        outstanding(info, tcb);
        windows(info, tcb);
        account(info, tcb);
        return info;
    }

    private static void agreed(final TcpInfo info, final Tcb tcb)
    {
        info.set(TcpInfoField.STATE, STATES[tcb.state])
            .set(TcpInfoField.OPTIONS,
                (tcb.timestampsOk ? 1 : 0) | (tcb.sackOk ? 2 : 0) | (tcb.windowScaleOk ? 4 : 0))
            .set(TcpInfoField.SND_WSCALE, tcb.sndShift)
            .set(TcpInfoField.RCV_WSCALE, tcb.rcvShift)
            .set(TcpInfoField.SND_MSS, tcb.effectiveMss)
            .set(TcpInfoField.RCV_MSS, tcb.rcvMss)
            .set(TcpInfoField.PMTU, tcb.pathMtu)
            .set(TcpInfoField.ADVMSS, tcb.localMss);
    }

    private static void times(final TcpInfo info, final Tcb tcb, final long nowNs)
    {
        info.set(TcpInfoField.RTO, tcb.rtoNs / MICROSECOND_NS)
            .set(TcpInfoField.ATO, tcb.atoUs)
            .set(TcpInfoField.RTT, tcb.srttNs / MICROSECOND_NS)
            .set(TcpInfoField.RTTVAR, tcb.rttvarNs / MICROSECOND_NS)
            .set(TcpInfoField.MIN_RTT, tcb.minRttNs == Tcb.NONE ? 0xFFFF_FFFFL : tcb.minRttNs / MICROSECOND_NS)
            .set(TcpInfoField.RCV_RTT, tcb.rcvRttUs)
            .set(TcpInfoField.LAST_DATA_SENT, (nowNs - tcb.lastSentAtNs) / MILLISECOND_NS)
            .set(TcpInfoField.LAST_DATA_RECV, (nowNs - tcb.lastDataReceivedAtNs) / MILLISECOND_NS)
            .set(TcpInfoField.LAST_ACK_RECV, (nowNs - tcb.lastReceivedAtNs) / MILLISECOND_NS);
    }

    private static void outstanding(final TcpInfo info, final Tcb tcb)
    {
        final int unit = Math.max(1, tcb.effectiveMss);
        info.set(TcpInfoField.CA_STATE, congestionState(tcb))
            .set(TcpInfoField.RETRANSMITS, tcb.retransmits)
            .set(TcpInfoField.PROBES, tcb.persistProbes + tcb.keepAliveProbes)
            .set(TcpInfoField.BACKOFF, tcb.backoff)
            .set(TcpInfoField.UNACKED, segments(tcb.flightBytes(), unit))
            .set(TcpInfoField.SACKED, segments(tcb.sentLog.sackedBytes(), unit))
            .set(TcpInfoField.LOST, segments(marked(tcb.sentLog, SentLog.LOST), unit))
            .set(TcpInfoField.RETRANS, segments(marked(tcb.sentLog, SentLog.RETRANSMITTED), unit));
    }

    private static int marked(final SentLog log, final int mark)
    {
        int bytes = 0;
        final int end = log.firstRun() + log.runCount();
        for (int i = log.firstRun(); i < end; i++)
        {
            bytes += (log.marksOf(i) & mark) == 0 ? 0 : log.endOf(i) - log.startOf(i);
        }
        return bytes;
    }

    private static int congestionState(final Tcb tcb)
    {
        switch (tcb.recovery)
        {
            case Tcb.RECOVERY_FAST:
                return 3;
            case Tcb.RECOVERY_LOSS:
                return 4;
            default:
                return tcb.dupAcks > 0 || tcb.sentLog.sackedBytes() > 0 ? 1 : 0;
        }
    }

    private static void windows(final TcpInfo info, final Tcb tcb)
    {
        final int unit = Math.max(1, tcb.effectiveMss);
        info.set(TcpInfoField.SND_SSTHRESH, tcb.ssthreshBytes / unit)
            .set(TcpInfoField.SND_CWND, tcb.cwndBytes / unit)
            .set(TcpInfoField.RCV_SSTHRESH, ReceiveWindow.limit(tcb.receiveRing.capacityBytes(), tcb.rcvShift))
            .set(TcpInfoField.RCV_SPACE, tcb.rcvSpaceBytes)
            .set(TcpInfoField.SND_WND, tcb.sndWnd)
            .set(TcpInfoField.RCV_WND, Math.max(0, tcb.rcvAdv - tcb.rcvNxt));
    }

    private static void account(final TcpInfo info, final Tcb tcb)
    {
        final int sent = Math.max(0, tcb.sndNxt - tcb.sendRing.firstSeq() - (tcb.finSent ? 1 : 0));
        final int unacknowledged = Math.min(tcb.sendRing.length(), sent);
        info.set(TcpInfoField.TOTAL_RETRANS, tcb.segmentsRetransmitted)
            .set(TcpInfoField.BYTES_ACKED, tcb.bytesOut - unacknowledged)
            .set(TcpInfoField.BYTES_RECEIVED, tcb.bytesIn)
            .set(TcpInfoField.SEGS_OUT, tcb.segmentsOut)
            .set(TcpInfoField.SEGS_IN, tcb.segmentsIn)
            .set(TcpInfoField.NOTSENT_BYTES, tcb.sendRing.length() - unacknowledged)
            .set(TcpInfoField.BYTES_SENT, tcb.bytesOut + tcb.bytesRetransmitted)
            .set(TcpInfoField.BYTES_RETRANS, tcb.bytesRetransmitted)
            .set(TcpInfoField.RCV_OOOPACK, tcb.outOfOrderSegments)
            .set(TcpInfoField.TOTAL_RTO, tcb.totalTimeouts);
    }

    private static int segments(final int bytes, final int unit)
    {
        return (bytes + unit - 1) / unit;
    }
}
