package dev.baton.tools.service;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpInfo;
import dev.baton.stack.service.TcpOption;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A connection in memory: the test is the peer. The send buffer holds as much as the test allows until the test takes
 * it out.
 */
public final class FakeConnection implements TcpConnection
{
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final TcpService service;
    private final long id;
    private byte[] received = new byte[0];
    private int room;
    private boolean peerClosed;
    private Object attachment;
    private boolean wantsRoom;
    private boolean told;
    boolean outputShut;
    public boolean closed;
    boolean aborted;

    public FakeConnection(final TcpService service, final long id, final int room)
    {
        this.service = service;
        this.id = id;
        this.room = room;
        service.onAccepted(this);
    }

    /** The peer sends text. */
    public FakeConnection receive(final String text)
    {
        return receive(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public FakeConnection receive(final byte[] bytes)
    {
        final int length = received.length;
        received = Arrays.copyOf(received, length + bytes.length);
        System.arraycopy(bytes, 0, received, length, bytes.length);
        if (!closed && !aborted)
        {
            service.onReadable(this);
        }
        return this;
    }

    /** The peer sends FIN. */
    public FakeConnection peerCloses()
    {
        peerClosed = true;
        if (!closed && !aborted)
        {
            service.onReadable(this);
        }
        return this;
    }

    /** The peer acknowledges: there is room for more. */
    public void allow(final int bytes)
    {
        room += bytes;
        if (wantsRoom && !closed && !aborted)
        {
            wantsRoom = false;
            service.onWritable(this);
        }
    }

    /** TCP tells the service that it is over. */
    public void gone(final CloseReason reason)
    {
        if (!told)
        {
            told = true;
            service.onClosed(this, reason);
        }
    }

    byte[] sent()
    {
        return sent.toByteArray();
    }

    public String takeText()
    {
        final String text = sent.toString(StandardCharsets.ISO_8859_1);
        sent.reset();
        return text;
    }

    @Override
    public long id()
    {
        return id;
    }

    @Override
    public IpAddress localAddress()
    {
        return IpAddress.parse("198.18.0.1");
    }

    @Override
    public int localPort()
    {
        return 80;
    }

    @Override
    public IpAddress remoteAddress()
    {
        return IpAddress.parse("198.18.0.2");
    }

    @Override
    public int remotePort()
    {
        return 40_000;
    }

    @Override
    public int readable()
    {
        return received.length;
    }

    @Override
    public int read(final MutableDirectBuffer dst, final int offset, final int length)
    {
        if (endOfStream())
        {
            return -1;
        }
        final int count = peek(dst, offset, length);
        skip(count);
        return count;
    }

    @Override
    public int peek(final MutableDirectBuffer dst, final int offset, final int length)
    {
        final int count = Math.min(length, received.length);
        dst.putBytes(offset, received, 0, count);
        return count;
    }

    @Override
    public void skip(final int length)
    {
        received = Arrays.copyOfRange(received, length, received.length);
    }

    @Override
    public boolean endOfStream()
    {
        return peerClosed && received.length == 0;
    }

    @Override
    public int writable()
    {
        return room;
    }

    @Override
    public int write(final DirectBuffer src, final int offset, final int length)
    {
        if (outputShut || closed || aborted)
        {
            throw new IllegalStateException("written after the end");
        }
        final int taken = Math.min(room, length);
        final byte[] bytes = new byte[taken];
        src.getBytes(offset, bytes);
        sent.writeBytes(bytes);
        room -= taken;
        wantsRoom |= taken < length;
        return taken;
    }

    @Override
    public void shutdownOutput()
    {
        outputShut = true;
    }

    @Override
    public void close()
    {
        closed = true;
    }

    @Override
    public void abort()
    {
        aborted = true;
    }

    @Override
    public Object attachment()
    {
        return attachment;
    }

    @Override
    public void attachment(final Object value)
    {
        attachment = value;
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
        return write(src, offset, length);
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
