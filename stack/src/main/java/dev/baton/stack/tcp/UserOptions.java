package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpOption;

/**
 * Setting and reading the options of a connection: what is kept where, and what follows at once. Values that only bound
 * later decisions are merely noted in {@link TcpSettings}; {@link InForce} gives them to those decisions.
 */
final class UserOptions
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MILLISECOND_NS = 1_000_000L;
    private static final int ECN_MASK = 3;
    /** What a connection does not keep in its settings. */
    private static final TcpOption[] ELSEWHERE = {TcpOption.NO_DELAY, TcpOption.KEEP_ALIVE, TcpOption.QUICK_ACK,
        TcpOption.FLOW_LABEL, TcpOption.DEFER_ACCEPT};
    private static final CloseReason[] REASONS = CloseReason.values();

    private final StackContext context;
    private final SideObjects sides;
    private final ConnectionLife life;
    private final TcpTimers timers;

    UserOptions(
        final StackContext context, final SideObjects sides, final ConnectionLife life, final TcpTimers timers)
    {
        this.context = context;
        this.sides = sides;
        this.life = life;
        this.timers = timers;
    }

    /** The name of the congestion control that connections begin with. */
    String congestionControl()
    {
        return context.congestionControl();
    }

    /** What a value becomes that is kept: as Linux would report it. */
    long kept(final TcpOption option, final long value)
    {
        option.check(value);
        switch (option)
        {
            case SEND_BUFFER:
                return BufferSizes.reportedSend(value, context.wmemMaxBytes());
            case RECEIVE_BUFFER:
                return BufferSizes.reportedReceive(value, context.rmemMaxBytes());
            case TOS:
                return value & ~ECN_MASK;
            case MAX_SEGMENT:
                return least(option, value, 88);
            case TTL:
                return least(option, value, value < 0 ? -1 : 1);
            case WINDOW_CLAMP:
                return value == 0 ? 0 : Math.max(value, BufferSizes.reportedReceive(0, 0) / 2);
            default:
                return value;
        }
    }

    /** A value of 0 stands for none; else it must not be below a least one. */
    private static long least(final TcpOption option, final long value, final long least)
    {
        if (value < least && (value != 0 || option == TcpOption.TTL))
        {
            throw new IllegalArgumentException("option " + option + " cannot be " + value + "; it must be from " + least +
                " to " + option.greatest() + ", or " + (option == TcpOption.TTL ? -1 : 0) + " for the default");
        }
        return value;
    }

    /** What an option is when nobody has set it. */
    private long byDefault(final TcpOption option)
    {
        switch (option)
        {
            case NO_DELAY:
                return context.noDelay() ? 1 : 0;
            case KEEP_ALIVE:
                return context.keepAlive() ? 1 : 0;
            case MAX_SEGMENT:
                return context.maxSegmentBytes();
            case KEEP_IDLE:
                return context.keepAliveIdleNs() / SECOND_NS;
            case KEEP_INTERVAL:
                return context.keepAliveIntervalNs() / SECOND_NS;
            case KEEP_COUNT:
                return context.keepAliveProbes();
            case SEND_BUFFER:
                return BufferSizes.reported(context.initialSendBufferBytes());
            case RECEIVE_BUFFER:
                return BufferSizes.reported(context.initialReceiveBufferBytes());
            case USER_TIMEOUT:
                return context.userTimeoutNs() / MILLISECOND_NS;
            case NOTSENT_LOWAT:
                return context.notSentLowatBytes();
            case SYN_COUNT:
                return context.synRetries();
            case LINGER2:
                return context.finWait2Ns() / SECOND_NS;
            case TTL:
                return context.ttl();
            case LINGER:
            case RECEIVE_TOS:
                return -1;
            default:
                return option == TcpOption.QUICK_ACK ? 1 : 0;
        }
    }

    /** A value of settings that may not be there. */
    long get(final TcpSettings settings, final TcpOption option)
    {
        return settings != null && settings.has(option) ? settings.get(option) : byDefault(option);
    }

    long get(final Tcb tcb, final TcpOption option)
    {
        switch (option)
        {
            case NO_DELAY:
                return tcb.noDelay ? 1 : 0;
            case KEEP_ALIVE:
                return tcb.keepAlive ? 1 : 0;
            case QUICK_ACK:
                return tcb.pingPong ? 0 : 1;
            case MAX_SEGMENT:
                return tcb.effectiveMss > 0 ? tcb.effectiveMss : get(tcb.settings, option);
            case SEND_BUFFER:
                return read(tcb.settings, option, BufferSizes.reported(tcb.sendRing.capacityBytes()));
            case RECEIVE_BUFFER:
                return read(tcb.settings, option, BufferSizes.reported(tcb.receiveRing.capacityBytes()));
            case FLOW_LABEL:
                return tcb.flowLabel;
            case RECEIVE_TOS:
                return tcb.settings == null ? TcpSettings.TOS_NOT_NOTED : tcb.settings.receivedTos;
            case ERROR:
                return takeError(tcb);
            default:
                return get(tcb.settings, option);
        }
    }

    private static long read(final TcpSettings settings, final TcpOption option, final long otherwise)
    {
        return settings != null && settings.has(option) ? settings.get(option) : otherwise;
    }

    private static long takeError(final Tcb tcb)
    {
        if (tcb.closeReason >= 0)
        {
            return REASONS[tcb.closeReason].errno();
        }
        final int errno = tcb.settings == null ? 0 : tcb.settings.softErrno;
        if (errno != 0)
        {
            tcb.settings.softErrno = 0;
        }
        return errno;
    }

    void set(final Tcb tcb, final TcpOption option, final long value, final long nowNs)
    {
        final long kept = kept(option, value);
        switch (option)
        {
            case NO_DELAY:
                tcb.noDelay = value != 0;
                break;
            case KEEP_ALIVE:
                tcb.keepAlive = value != 0;
                KeepAlive.arm(tcb, context, nowNs);
                break;
            case FLOW_LABEL:
                tcb.flowLabel = (int)value;
                break;
            case QUICK_ACK:
                AckPolicy.quickAck(tcb, value != 0);
                break;
            default:
                sides.settings(tcb).set(option, kept);
                follow(tcb, option, kept, nowNs);
                break;
        }
        timers.update(tcb);
        life.markDirty(tcb);
    }

    /** What follows at once from a value that is kept. */
    private void follow(final Tcb tcb, final TcpOption option, final long kept, final long nowNs)
    {
        switch (option)
        {
            case KEEP_IDLE:
            case KEEP_INTERVAL:
                KeepAlive.arm(tcb, context, nowNs);
                break;
            case MAX_SEGMENT:
                limitSegment(tcb);
                break;
            case SEND_BUFFER:
                tcb.sendRing.capacityBytes(
                    Math.max(tcb.sendRing.length(), BufferSizes.payload(kept, context.sendBufferBytes())));
                break;
            case RECEIVE_BUFFER:
                tcb.receiveRing.capacityBytes(Math.max(
                    ReceiveWindow.promisedBytes(tcb), BufferSizes.payload(kept, context.receiveBufferBytes())));
                break;
            case USER_TIMEOUT:
                if (tcb.userTimeoutAtNs != Tcb.NONE)
                {
                    tcb.userTimeoutAtNs = kept == 0 ? Tcb.NONE : nowNs + kept * MILLISECOND_NS;
                }
                break;
            case RECEIVE_TOS:
                tcb.settings.receivedTos = kept == 0 ? TcpSettings.TOS_NOT_NOTED : Math.max(0, tcb.settings.receivedTos);
                break;
            case CORK:
                tcb.settings.corkAtNs = Tcb.NONE;
                break;
            default:
                break;
        }
    }

    private void limitSegment(final Tcb tcb)
    {
        if (tcb.state == TcpState.SYN_SENT && tcb.sndNxt == tcb.iss)
        {
            final int announced = EffectiveMss.local(tcb.pathMtu, tcb.isV4(), InForce.maxSegment(tcb.settings, context));
            tcb.localMss = announced;
            tcb.rcvMss = Math.min(tcb.rcvMss, announced);
        }
    }

    /** A new connection begins with what its listener was set to. */
    void inherit(final Tcb tcb, final TcpSettings from)
    {
        tcb.noDelay = get(from, TcpOption.NO_DELAY) != 0;
        tcb.keepAlive = get(from, TcpOption.KEEP_ALIVE) != 0;
        tcb.pingPong = get(from, TcpOption.QUICK_ACK) == 0;
        tcb.localMss = EffectiveMss.local(tcb.pathMtu, tcb.isV4(), InForce.maxSegment(from, context));
        tcb.rcvMss = Math.min(tcb.rcvMss, tcb.localMss);
        if (from.has(TcpOption.FLOW_LABEL))
        {
            tcb.flowLabel = (int)from.get(TcpOption.FLOW_LABEL);
        }
        if (from.has(TcpOption.SEND_BUFFER))
        {
            tcb.sendRing.capacityBytes(BufferSizes.payload(from.get(TcpOption.SEND_BUFFER), context.sendBufferBytes()));
        }
        tcb.receiveRing.capacityBytes(InForce.receiveBufferBytes(from, context));
        sides.settings(tcb).inherit(from);
        for (final TcpOption option : ELSEWHERE)
        {
            tcb.settings.unset(option);
        }
        if (tcb.settings.isEmpty())
        {
            sides.releaseSettings(tcb);
        }
    }
}
