package dev.baton.stack.intercept;

import dev.baton.stack.Packet;
import dev.baton.stack.service.TcpConnection;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.util.ArrayList;
import java.util.List;

/** A module that notes what it is told and does what the test says. */
final class TestModule implements InterceptorModule, BtcpInterceptor, UtcpInterceptor
{
    final String name;
    final List<String> notes;
    ModuleContext context;
    int ingressVerdict = BtcpInterceptor.PASS;
    int egressVerdict = BtcpInterceptor.PASS;
    int connectionVerdict = UtcpInterceptor.PASS;
    boolean throwing;
    boolean refuseState;
    int live;
    int state;
    long deadlineNs = Long.MAX_VALUE;
    TcpConnection held;

    TestModule(final String name, final List<String> notes)
    {
        this.name = name;
        this.notes = notes;
    }

    TestModule(final String name)
    {
        this(name, new ArrayList<>());
    }

    private void note(final String what)
    {
        notes.add(name + " " + what);
        if (throwing)
        {
            throw new IllegalStateException("by design");
        }
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public void open(final ModuleContext opened)
    {
        context = opened;
    }

    @Override
    public BtcpInterceptor btcp()
    {
        return this;
    }

    @Override
    public UtcpInterceptor utcp()
    {
        return this;
    }

    @Override
    public int poll(final long nowNs)
    {
        return 0;
    }

    @Override
    public long nextDeadlineNs()
    {
        return deadlineNs;
    }

    @Override
    public int liveEntries()
    {
        return live;
    }

    @Override
    public int exportState(final MutableDirectBuffer buffer, final int offset, final long nowNs)
    {
        buffer.putInt(offset, state);
        return 4;
    }

    @Override
    public void importState(final DirectBuffer buffer, final int offset, final int length, final long nowNs)
    {
        if (refuseState)
        {
            throw new IllegalArgumentException("another version");
        }
        state = buffer.getInt(offset);
    }

    @Override
    public String census(final long nowNs)
    {
        return "{}";
    }

    @Override
    public void close()
    {
        notes.add(name + " close");
    }

    @Override
    public int onIngress(final Packet packet, final long nowNs)
    {
        note("in");
        return ingressVerdict;
    }

    @Override
    public int onEgress(final Packet packet, final long nowNs)
    {
        note("out");
        return egressVerdict;
    }

    @Override
    public int onConnection(final TcpConnection connection, final long nowNs)
    {
        note("connection " + connection.id());
        held = connection;
        return connectionVerdict;
    }

    @Override
    public void onDisconnect(final TcpConnection connection, final long nowNs)
    {
        note("disconnect " + connection.id());
    }
}
