package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.ip.IcmpErrorListener;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.SoftError;
import dev.baton.stack.wire.Seq;

/**
 * ICMP errors about segments of ours (RFC 9293, section 3.9.2.2; RFC 5927). A message counts only when it quotes a
 * number that is in flight. Hard errors end an open that is not complete and nothing else (RFC 5927, section 5.2). All
 * others are kept as the connection's soft error until something is acknowledged (RFC 1122, section 4.2.3.9), for its
 * user to ask for, and for the reason of a time-out. "Too big" goes to {@link Pmtud}.
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

    private final StackCounters counters;
    private final IsnGenerator isn;
    private final ConnectionTable table;
    private final ConnectionLife life;
    private final Pmtud pmtud;

    IcmpErrors(
        final StackCounters counters,
        final IsnGenerator isn,
        final ConnectionTable table,
        final ConnectionLife life,
        final Pmtud pmtud)
    {
        this.counters = counters;
        this.isn = isn;
        this.table = table;
        this.life = life;
        this.pmtud = pmtud;
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
            if (pmtud.onTooBig(tcb, mtu, seq, nowNs))
            {
                life.markDirty(tcb);
            }
        }
        else if (tcb.state == TcpState.SYN_SENT && isHard(version, type, code))
        {
            final boolean refused = code == (version == 4 ? V4_PORT : V6_PORT);
            life.terminate(tcb, refused ? CloseReason.REFUSED : CloseReason.UNREACHABLE, nowNs);
        }
        else
        {
            tcb.icmpError = version << 16 | type << 8 | code;
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
}
