package dev.baton.stack.state;

import dev.baton.stack.intercept.BtcpInterceptor;
import dev.baton.stack.intercept.InterceptorModule;
import dev.baton.stack.intercept.ModuleContext;
import dev.baton.stack.intercept.UtcpInterceptor;
import dev.baton.stack.service.TcpConnection;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A module that holds every connection indication, and counts what it is told. */
final class HoldingModule implements InterceptorModule, UtcpInterceptor
{
    int held;
    int disconnects;

    @Override
    public String name()
    {
        return "holding";
    }

    @Override
    public void open(final ModuleContext context)
    {
    }

    @Override
    public BtcpInterceptor btcp()
    {
        return null;
    }

    @Override
    public UtcpInterceptor utcp()
    {
        return this;
    }

    @Override
    public int onConnection(final TcpConnection connection, final long nowNs)
    {
        held++;
        return HOLD;
    }

    @Override
    public void onDisconnect(final TcpConnection connection, final long nowNs)
    {
        disconnects++;
    }

    @Override
    public int poll(final long nowNs)
    {
        return 0;
    }

    @Override
    public long nextDeadlineNs()
    {
        return Long.MAX_VALUE;
    }

    @Override
    public int liveEntries()
    {
        return 0;
    }

    @Override
    public int exportState(final MutableDirectBuffer buffer, final int offset, final long nowNs)
    {
        return 0;
    }

    @Override
    public void importState(final DirectBuffer buffer, final int offset, final int length, final long nowNs)
    {
    }

    @Override
    public String census(final long nowNs)
    {
        return "{}";
    }

    @Override
    public void close()
    {
    }
}
