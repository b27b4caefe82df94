package dev.baton.stack.tcp;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a flow stands, as edges for segments: what segments can change of it.
 *
 * @param state   of the connection; {@link TcpState#CLOSED} when there is none.
 * @param rcvNxt  RCV.NXT.
 * @param rcvWnd  bytes from there to the right edge that was told.
 * @param sndUna  SND.UNA.
 * @param sndNxt  SND.NXT.
 * @param sndWnd  SND.WND.
 * @param readable what waits to be read.
 * @param runs    out of order.
 * @param halfOpens in the SYN queue.
 * @param timeWaits in TIME-WAIT.
 */
record Numbers(int state, int rcvNxt, int rcvWnd, int sndUna, int sndNxt, int sndWnd, int readable, int runs, int halfOpens,
    int timeWaits)
{
    private static final int WINDOW = 64_240;

    static Numbers of(final Wire w, final Situation situation)
    {
        final List<Tcb> all = new ArrayList<>();
        w.stack.tcp().transfers().forEachConnection(all::add);
        final int[] others = {0, 0};
        w.stack.tcp().transfers().forEachHalfOpen((entry) -> others[0]++);
        w.stack.tcp().transfers().forEachTimeWait((entry) -> others[1]++);
        if (!all.isEmpty())
        {
            final Tcb tcb = all.get(0);
            return new Numbers(tcb.state, tcb.rcvNxt, tcb.state == TcpState.SYN_SENT ? WINDOW : tcb.rcvAdv - tcb.rcvNxt,
                tcb.sndUna, tcb.sndNxt, tcb.sndWnd, tcb.receiveRing.readable(), tcb.receiveRing.runCount(), others[0],
                others[1]);
        }
        final boolean over = situation == Situation.TIME_WAIT;
        final int sent = over ? 102 : 1;
        return new Numbers(TcpState.CLOSED, w.irs + (over ? 2 : 1), WINDOW, w.iss + (over ? sent : 0), w.iss + sent, 0, 0, 0,
            others[0], others[1]);
    }

    /** Whether more of the same can be tried with it: at most what came in order has been taken. */
    boolean isStillLike(final Numbers before)
    {
        return state == before.state && sndUna == before.sndUna && sndNxt == before.sndNxt && sndWnd == before.sndWnd &&
            readable == before.readable && runs == before.runs && rcvWnd == before.rcvWnd && halfOpens == before.halfOpens &&
            timeWaits == before.timeWaits;
    }
}
