package dev.baton.stack.tcp;

import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpInfo;
import dev.baton.stack.service.TcpOption;
import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What is left of a connection after TIME-WAIT: its identity and addresses, for {@code onDisconnect}. Reused; nothing
 * flows.
 */
final class EndedConnection implements TcpConnection
{
    private long id;
    private long localHi;
    private long localLo;
    private int localPort;
    private long remoteHi;
    private long remoteLo;
    private int remotePort;

    void set(final TimeWait entry)
    {
        id = entry.id;
        localHi = entry.localHi;
        localLo = entry.localLo;
        localPort = entry.localPort;
        remoteHi = entry.remoteHi;
        remoteLo = entry.remoteLo;
        remotePort = entry.remotePort;
    }

    @Override
    public long id()
    {
        return id;
    }

    @Override
    public IpAddress localAddress()
    {
        return new IpAddress(localHi, localLo);
    }

    @Override
    public int localPort()
    {
        return localPort;
    }

    @Override
    public IpAddress remoteAddress()
    {
        return new IpAddress(remoteHi, remoteLo);
    }

    @Override
    public int remotePort()
    {
        return remotePort;
    }

    @Override
    public int readable()
    {
        return 0;
    }

    @Override
    public int read(final MutableDirectBuffer dst, final int offset, final int length)
    {
        return -1;
    }

    @Override
    public int peek(final MutableDirectBuffer dst, final int offset, final int length)
    {
        return 0;
    }

    @Override
    public void skip(final int length)
    {
        if (length != 0)
        {
            throw new IllegalArgumentException("cannot skip " + length + " bytes: connection #" + id + " has ended");
        }
    }

    @Override
    public boolean endOfStream()
    {
        return true;
    }

    @Override
    public int writable()
    {
        return 0;
    }

    @Override
    public int write(final DirectBuffer src, final int offset, final int length)
    {
        return 0;
    }

    @Override
    public void shutdownOutput()
    {
    }

    @Override
    public void close()
    {
    }

    @Override
    public void abort()
    {
    }

    @Override
    public Object attachment()
    {
        return null;
    }

    @Override
    public void attachment(final Object attachment)
    {
    }

    @Override
    public long option(final TcpOption option)
    {
        return 0;
    }

    @Override
    public void option(final TcpOption option, final long value)
    {
        option.check(value);
    }

    @Override
    public String congestionControl()
    {
        return "";
    }

    @Override
    public void congestionControl(final String name)
    {
    }

    @Override
    public TcpInfo info(final TcpInfo into)
    {
        into.clear();
        return into;
    }

    @Override
    public int writeUrgent(final DirectBuffer src, final int offset, final int length)
    {
        return 0;
    }

    @Override
    public int urgentBytes()
    {
        return 0;
    }

    @Override
    public boolean atUrgentMark()
    {
        return false;
    }

    @Override
    public int readUrgent()
    {
        return -1;
    }
}
