package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.ip.IcmpErrorListener;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.SoftError;
import dev.baton.stack.wire.Seq;

/**
 * ICMP errors about segments of ours (RFC 9293, section 3.9.2.2; RFC 5927). A message counts only when it quotes a
 * number that is in flight. Hard errors end an open that is not complete and nothing else (RFC 5927, section 5.2). "Too
 * big" lowers the size of segments, within bounds, and what was too big is sent again (RFC 1191; RFC 8201).
 */
final class IcmpErrors implements IcmpErrorListener
{
    private static final int V4_UNREACHABLE = 3;
    private static final int V4_PROTOCOL = 2;
    private static final int V4_PORT = 3;
    private static final int V4_TOO_BIG = 4;
    private static final int V6_UNREACHABLE = 1;
    private static final int V6_PROHIBITED = 1;
    private static final int V6_PORT = 4;
    private static final int V6_TOO_BIG_TYPE = 2;
    /** Least path MTU that is believed: Linux's for IPv4, the protocol's own for IPv6. */
    private static final int LEAST_MTU_V4 = 552;
    private static final int LEAST_MTU_V6 = 1280;
    /** RFC 1191, section 7: for routers that do not tell the size. */
    private static final int[] PLATEAUS = {32_000, 17_914, 8166, 4352, 2002, 1492, 1006};

    private final StackCounters counters;
    private final IsnGenerator isn;
    private final ConnectionTable table;
    private final ConnectionLife life;
    private final LossRecovery recovery;

    IcmpErrors(
        final StackCounters counters,
        final IsnGenerator isn,
        final ConnectionTable table,
        final ConnectionLife life,
        final LossRecovery recovery)
    {
        this.counters = counters;
        this.isn = isn;
        this.table = table;
        this.life = life;
        this.recovery = recovery;
    }

    @Override
    public void onIcmpError(
        final int version,
        final int type,
        final int code,
        final int mtu,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort,
        final int seq,
        final long nowNs)
    {
        final int hash = isn.tableHash(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        final Tcb tcb = table.find(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        if (tcb == null || Seq.lt(seq, tcb.sndUna) || Seq.geq(seq, tcb.sndNxt))
        {
            counters.increment(StackCounter.ICMP_IGNORED);
            return;
        }
        if (version == 4 ? type == V4_UNREACHABLE && code == V4_TOO_BIG : type == V6_TOO_BIG_TYPE)
        {
            tooBig(tcb, version, mtu);
        }
        else if (tcb.state == TcpState.SYN_SENT && isHard(version, type, code))
        {
            final boolean refused = code == (version == 4 ? V4_PORT : V6_PORT);
            life.terminate(tcb, refused ? CloseReason.REFUSED : CloseReason.UNREACHABLE, nowNs);
        }
        else
        {
            counters.increment(StackCounter.ICMP_IGNORED);
            final SoftError error = SoftErrors.of(version, type, code);
            if (error != null)
            {
                life.softError(tcb, error);
            }
        }
    }

    private static boolean isHard(final int version, final int type, final int code)
    {
        return version == 4 ?
            type == V4_UNREACHABLE && (code == V4_PROTOCOL || code == V4_PORT) :
            type == V6_UNREACHABLE && (code == V6_PROHIBITED || code == V6_PORT);
    }

    private void tooBig(final Tcb tcb, final int version, final int mtu)
    {
        if (version == 6 && mtu < LEAST_MTU_V6)
        {
            counters.increment(StackCounter.ICMP_IGNORED);
            return;
        }
        final int told = mtu == 0 ? plateauBelow(tcb.pathMtu) : mtu;
        final int believed = Math.max(told, version == 4 ? LEAST_MTU_V4 : LEAST_MTU_V6);
        if (believed >= tcb.pathMtu)
        {
            counters.increment(StackCounter.ICMP_IGNORED);
            return;
        }
        counters.increment(StackCounter.TCP_PMTU_CHANGES);
        tcb.pathMtu = believed;
        if (tcb.state >= TcpState.ESTABLISHED)
        {
            EffectiveMss.update(tcb);
            recovery.repairAll(tcb);
        }
        life.markDirty(tcb);
    }

    private static int plateauBelow(final int mtu)
    {
        for (final int plateau : PLATEAUS)
        {
            if (plateau < mtu)
            {
                return plateau;
            }
        }
        return LEAST_MTU_V4;
    }
}
