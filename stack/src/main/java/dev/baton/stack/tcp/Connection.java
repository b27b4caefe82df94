package dev.baton.stack.tcp;

import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpInfo;
import dev.baton.stack.service.TcpOption;
import dev.baton.stack.tcp.congestion.CongestionControls;
import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What the user of a connection holds: user calls (RFC 9293, section 3.9.1) on a {@link Tcb}. A call changes rings and
 * flags and marks the Tcb; what follows from it is sent at the end of the poll.
 */
public final class Connection implements TcpConnection
{
    private final Tcb tcb;
    private final TcpEndpoint endpoint;
    private IpAddress localAddress;
    private IpAddress remoteAddress;

    Connection(final Tcb tcb, final TcpEndpoint endpoint)
    {
        this.tcb = tcb;
        this.endpoint = endpoint;
    }

    /** The handle is about to serve another connection. */
    void forget()
    {
        localAddress = null;
        remoteAddress = null;
    }

    /** The shard's TCP. */
    TcpEndpoint endpoint()
    {
        return endpoint;
    }

    /**
     * Cap the rate at which it sends (SO_MAX_PACING_RATE): it is paced from now on.
     *
     * @param bytesPerSecond of payload, above 0; {@link Pacing#UNLIMITED} takes the cap away.
     * @throws IllegalArgumentException when the rate is not above 0.
     */
    public void maxPacingRate(final long bytesPerSecond)
    {
        if (bytesPerSecond <= 0)
        {
            throw new IllegalArgumentException("maxPacingRate of connection #" + tcb.id + " is " + bytesPerSecond +
                " bytes a second; it must be above 0");
        }
        if (tcb.id != 0 && tcb.closeReason < 0)
        {
            endpoint.congestion().maxPacingRate(tcb, bytesPerSecond, endpoint.lastPollNs());
        }
    }

    /**
     * State of the connection, for operators and codecs.
     *
     * @return its Tcb, valid as long as {@link #id()} stays the same.
     */
    public Tcb tcb()
    {
        return tcb;
    }

    @Override
    public long id()
    {
        return tcb.id;
    }

    @Override
    public IpAddress localAddress()
    {
        if (localAddress == null)
        {
            localAddress = new IpAddress(tcb.localHi, tcb.localLo);
        }
        return localAddress;
    }

    @Override
    public int localPort()
    {
        return tcb.localPort;
    }

    @Override
    public IpAddress remoteAddress()
    {
        if (remoteAddress == null)
        {
            remoteAddress = new IpAddress(tcb.remoteHi, tcb.remoteLo);
        }
        return remoteAddress;
    }

    @Override
    public int remotePort()
    {
        return tcb.remotePort;
    }

    @Override
    public int readable()
    {
        return tcb.urgent == null ? tcb.receiveRing.readable() : Urgent.readable(tcb);
    }

    @Override
    public int read(final MutableDirectBuffer dst, final int offset, final int length)
    {
        if (tcb.urgent != null && length > 0)
        {
            Urgent.passMark(tcb);
        }
        final int count = tcb.receiveRing.read(dst, offset, Math.min(length, readable()));
        if (count > 0)
        {
            hasRead();
            return count;
        }
        return endOfStream() ? -1 : 0;
    }

    @Override
    public int peek(final MutableDirectBuffer dst, final int offset, final int length)
    {
        return tcb.receiveRing.peek(Urgent.skipped(tcb), dst, offset, Math.min(length, readable()));
    }

    @Override
    public void skip(final int length)
    {
        if (length < 0 || length > readable())
        {
            throw new IllegalArgumentException("cannot skip " + length + " bytes of connection #" + tcb.id +
                ": there are " + readable() + " to be read");
        }
        if (tcb.urgent != null && length > 0)
        {
            Urgent.passMark(tcb);
        }
        tcb.receiveRing.skip(length);
        hasRead();
    }

    private void hasRead()
    {
        if (tcb.urgent != null)
        {
            Urgent.onRead(tcb);
        }
        tcb.userHasRead = true;
        endpoint.markDirty(tcb);
    }

    @Override
    public boolean endOfStream()
    {
        return tcb.finReceived && readable() == 0;
    }

    @Override
    public int writable()
    {
        return mayWrite() ? endpoint.writable(tcb) : 0;
    }

    @Override
    public int write(final DirectBuffer src, final int offset, final int length)
    {
        if (tcb.finQueued)
        {
            throw new IllegalStateException("connection #" + tcb.id +
                " cannot be written to: its output was shut down; write before that");
        }
        if (!mayWrite() || length == 0)
        {
            return 0;
        }
        if (tcb.rate != null)
        {
            tcb.rate.checkAppLimited();
        }
        final int taken = tcb.sendRing.write(src, offset, Math.min(length, endpoint.writable(tcb)));
        if (taken < length)
        {
            tcb.writeBlocked = true;
            endpoint.writeFellShort(tcb);
        }
        endpoint.markDirty(tcb);
        return taken;
    }

    private boolean mayWrite()
    {
        return tcb.id != 0 && tcb.closeReason < 0 && !tcb.abortRequested && !tcb.finQueued &&
            tcb.state != TcpState.CLOSED;
    }

    @Override
    public void shutdownOutput()
    {
        if (tcb.id != 0 && !tcb.finQueued && tcb.closeReason < 0)
        {
            tcb.finQueued = true;
            endpoint.markDirty(tcb);
        }
    }

    @Override
    public void close()
    {
        if (tcb.id != 0 && !tcb.userClosed)
        {
            tcb.userClosed = true;
            tcb.finQueued = true;
            Linger.onClose(tcb, endpoint.lastPollNs());
            endpoint.markDirty(tcb);
        }
    }

    @Override
    public void abort()
    {
        if (tcb.id != 0)
        {
            tcb.abortRequested = true;
            endpoint.markDirty(tcb);
        }
    }

    @Override
    public Object attachment()
    {
        return tcb.attachment;
    }

    @Override
    public void attachment(final Object attachment)
    {
        tcb.attachment = attachment;
    }

    @Override
    public long option(final TcpOption option)
    {
        return endpoint.options().get(tcb, option);
    }

    @Override
    public void option(final TcpOption option, final long value)
    {
        endpoint.options().set(tcb, option, value, endpoint.lastPollNs());
    }

    @Override
    public String congestionControl()
    {
        return tcb.congestionControl == null ? "" : tcb.congestionControl.name();
    }

    @Override
    public void congestionControl(final String name)
    {
        endpoint.congestion().change(tcb, CongestionControls.byName(name), endpoint.lastPollNs());
    }

    @Override
    public TcpInfo info(final TcpInfo into)
    {
        return TcpInfoFiller.fill(into, tcb, endpoint.lastPollNs());
    }

    @Override
    public int writeUrgent(final DirectBuffer src, final int offset, final int length)
    {
        final int taken = write(src, offset, length);
        if (taken > 0)
        {
            endpoint.markUrgent(tcb);
        }
        return taken;
    }

    @Override
    public int urgentBytes()
    {
        return Urgent.bytes(tcb);
    }

    @Override
    public boolean atUrgentMark()
    {
        return Urgent.atMark(tcb);
    }

    @Override
    public int readUrgent()
    {
        return Urgent.take(tcb);
    }
}
