package dev.baton.stack.socket;

import dev.baton.stack.NetStack;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.wire.IpAddress;
import org.agrona.collections.Int2ObjectHashMap;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * Which stream socket may have which local port (bind(2), socket(7) on SO_REUSEADDR). Two sockets that meet in port,
 * family and address share only when both allow SO_REUSEADDR and neither listens, or both allow SO_REUSEPORT.
 * Connections whose socket is closed already, TIME-WAIT among them, stand in the way of those alone that do not allow
 * SO_REUSEADDR: which option they once had is not known any more. Not thread safe.
 */
final class StreamPorts
{
    private final Int2ObjectHashMap<List<StreamSocket>> byPort = new Int2ObjectHashMap<>();
    private final NetStack stack;
    private final Visitor visitor = new Visitor();

    StreamPorts(final NetStack stack)
    {
        this.stack = stack;
    }

    boolean conflicts(final StreamSocket socket, final IpAddress address, final int port)
    {
        final List<StreamSocket> sharing = byPort.get(port);
        if (sharing != null)
        {
            for (int i = 0; i < sharing.size(); i++)
            {
                final StreamSocket other = sharing.get(i);
                if (other != socket && meets(socket, address, other) && !mayShare(socket, other))
                {
                    return true;
                }
            }
        }
        return visitor.conflicts(socket, address, port);
    }

    private static boolean mayShare(final StreamSocket socket, final StreamSocket other)
    {
        return socket.reuseAddress && other.reuseAddress && !other.isListening() ||
            socket.reusePort && other.reusePort;
    }

    /** Does another socket listen where this one wants to? */
    boolean isListenedOn(final StreamSocket socket)
    {
        final List<StreamSocket> sharing = byPort.get(socket.localPort);
        for (int i = 0; sharing != null && i < sharing.size(); i++)
        {
            final StreamSocket other = sharing.get(i);
            if (other != socket && other.isListening() && meets(socket, socket.localAddress, other))
            {
                return true;
            }
        }
        return false;
    }

    private static boolean meets(final StreamSocket socket, final IpAddress address, final StreamSocket other)
    {
        final boolean any = address.equals(IpAddress.ANY);
        final boolean otherAny = other.localAddress.equals(IpAddress.ANY);
        if (!any && !otherAny)
        {
            return address.equals(other.localAddress);
        }
        final boolean v4 = (any ? socket.family().takesV4() : address.isV4()) &&
            (otherAny ? other.family().takesV4() : other.localAddress.isV4());
        final boolean v6 = (any ? socket.family().takesV6() : !address.isV4()) &&
            (otherAny ? other.family().takesV6() : !other.localAddress.isV4());
        return v4 || v6;
    }

    /** A port that no socket and no connection has; 0 when there is none (RFC 6056, section 3.3.1). */
    int freePort()
    {
        final BitSet used = visitor.usedPorts();
        final int low = stack.context().lowestLocalPort();
        final int count = stack.context().highestLocalPort() - low + 1;
        final int first = stack.tcp().random().nextInt(count);
        for (int i = 0; i < count; i++)
        {
            final int port = low + (first + i) % count;
            if (!byPort.containsKey(port) && !used.get(port))
            {
                return port;
            }
        }
        return 0;
    }

    void add(final StreamSocket socket)
    {
        List<StreamSocket> sharing = byPort.get(socket.localPort);
        if (sharing == null)
        {
            sharing = new ArrayList<>(1);
            byPort.put(socket.localPort, sharing);
        }
        sharing.add(socket);
    }

    void remove(final StreamSocket socket)
    {
        final List<StreamSocket> sharing = byPort.get(socket.localPort);
        if (sharing != null && sharing.remove(socket) && sharing.isEmpty())
        {
            byPort.remove(socket.localPort);
        }
    }

    /** Looks at all connections of the shard. */
    private final class Visitor implements Consumer<Tcb>
    {
        private StreamSocket socket;
        private IpAddress address;
        private int port;
        private boolean conflict;
        private BitSet used;

        boolean conflicts(final StreamSocket socket, final IpAddress address, final int port)
        {
            this.socket = socket;
            this.address = address;
            this.port = port;
            conflict = false;
            stack.forEachConnection(this);
            this.socket = null;
            return conflict;
        }

        BitSet usedPorts()
        {
            used = new BitSet(1 << 16);
            stack.forEachConnection(this);
            final BitSet found = used;
            used = null;
            return found;
        }

        @Override
        public void accept(final Tcb tcb)
        {
            if (used != null)
            {
                used.set(tcb.localPort);
            }
            else if (tcb.localPort == port && meets(tcb))
            {
                final StreamSocket holder = tcb.attachment instanceof StreamSocket held ? held : null;
                conflict |= holder == null ? !socket.reuseAddress :
                    holder != socket && !mayShare(socket, holder);
            }
        }

        private boolean meets(final Tcb tcb)
        {
            return address.equals(IpAddress.ANY) ?
                tcb.isV4() ? socket.family().takesV4() : socket.family().takesV6() :
                address.hi() == tcb.localHi && address.lo() == tcb.localLo;
        }
    }
}
