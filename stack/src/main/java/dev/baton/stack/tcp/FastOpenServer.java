package dev.baton.stack.tcp;

import dev.baton.stack.HandshakeOptions;
import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;

/**
 * Fast Open at a listener (RFC 7413, section 4.2.2): a SYN with a valid cookie opens at once, its data is delivered
 * before the handshake is complete, and the SYN/ACK acknowledges it. A SYN that asks for a cookie, or has a wrong one,
 * goes the ordinary way, and its SYN/ACK brings the right one. So does a SYN without data, which has nothing to gain but
 * a server that speaks first: modules that look at handshakes then see an ordinary one.
 */
final class FastOpenServer
{
    /** What the SYN/ACK is to bring; set by {@link #open}. */
    final FastOpenOption reply = new FastOpenOption();

    private final StackContext context;
    private final HandshakeOptions options;
    private final StackCounters counters;
    private final FastOpenCookies cookies;
    private final ConnectionLife life;
    private final SegmentSender sender;

    FastOpenServer(
        final StackContext context,
        final StackCounters counters,
        final FastOpenCookies cookies,
        final ConnectionLife life,
        final SegmentSender sender)
    {
        this.context = context;
        this.options = context.handshake();
        this.counters = counters;
        this.cookies = cookies;
        this.life = life;
        this.sender = sender;
    }

    /** Look at a SYN that has been admitted. Returns true when it opened a connection, which has been answered. */
    boolean open(final Segment syn, final Listener listener, final int iss, final long nowNs)
    {
        reply.clear();
        final int length = syn.options.fastOpenLength();
        if (length == 0)
        {
            counters.increment(StackCounter.TCP_FAST_OPEN_COOKIE_REQD);
        }
        if (!has(HandshakeOptions.FAST_OPEN_SERVER) || length < 0 && syn.payloadLength == 0 || !hasRoom(listener, nowNs))
        {
            return false;
        }
        if (syn.payloadLength > 0 && has(HandshakeOptions.FAST_OPEN_SERVER_NO_COOKIE))
        {
            openEarly(syn, listener, iss, nowNs);
            return true;
        }
        if (length < 0)
        {
            return false;
        }
        final int verdict = length == 0 ? FastOpenCookies.INVALID : cookies.check(syn, nowNs);
        if (verdict != FastOpenCookies.CURRENT)
        {
            reply.set(FastOpenCookies.LENGTH, cookies.make(syn, nowNs), 0, syn.options.fastOpenExperimental());
        }
        if (verdict == FastOpenCookies.INVALID)
        {
            counters.add(StackCounter.TCP_FAST_OPEN_PASSIVE_FAIL, length == 0 ? 0 : 1);
            return false;
        }
        if (syn.payloadLength == 0)
        {
            return false;
        }
        if (verdict == FastOpenCookies.PREVIOUS)
        {
            counters.increment(StackCounter.TCP_FAST_OPEN_PASSIVE_ALT_KEY);
        }
        openEarly(syn, listener, iss, nowNs);
        return true;
    }

    private boolean has(final int bit)
    {
        return (options.fastOpen() & bit) != 0;
    }

    private boolean hasRoom(final Listener listener, final long nowNs)
    {
        final int common = !has(HandshakeOptions.FAST_OPEN_ALL_LISTENERS) ? 0 :
            listener.hasBacklog() ? listener.backlog() : context.synBacklog();
        if (Math.max(common, listener.fastOpen.limit()) == 0)
        {
            return false;
        }
        final boolean room = listener.fastOpen.hasRoom(common, nowNs);
        if (!room)
        {
            counters.increment(StackCounter.TCP_FAST_OPEN_LISTEN_OVERFLOW);
        }
        return room;
    }

    private void openEarly(final Segment s, final Listener listener, final int iss, final long nowNs)
    {
        counters.increment(StackCounter.TCP_FAST_OPEN_PASSIVE);
        final Tcb tcb = life.open(life.takeId(), s.hash, s.localHi, s.localLo, s.localPort,
            s.remoteHi, s.remoteLo, s.remotePort, listener.service(), nowNs);
        listener.configure(tcb);
        listener.countAccepted();
        listener.fastOpen.enter();
        life.acceptQueues.expect(tcb, listener);
        tcb.earlyListener = listener;
        tcb.fastOpen = Tcb.FAST_OPEN_EARLY;
        tcb.passive = true;
        tcb.state = TcpState.SYN_RECEIVED;
        tcb.iss = iss;
        tcb.sndUna = iss;
        tcb.sndNxt = iss;
        tcb.sndWl2 = iss;
        tcb.sentLog.reset(iss);
        tcb.sendRing.reset(iss + 1);
        Handshake.offer(tcb, context);
        Handshake.takeSyn(tcb, s, nowNs);
        tcb.ecnMode = Tcb.ECN_NONE;
        EcnHandshake.take(tcb, EcnHandshake.answer(EcnHandshake.allowed(context), s));
        if (s.payloadLength > 0 && tcb.receiveRing.insert(tcb.rcvNxt, s.buffer, s.payloadOffset, s.payloadLength) > 0)
        {
            tcb.rcvNxt = tcb.receiveRing.nextSeq();
            tcb.bytesIn = tcb.rcvNxt - tcb.irs - 1;
        }
        sender.syn(tcb, reply, 0, nowNs);
        life.openEarly(tcb, nowNs);
    }
}
