package dev.baton.handoff.control;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Control channels over kernel sockets: TLS 1.3, both sides authenticated by certificates of the cluster's CA, one
 * connection per pair of nodes, dialled by the one with the smaller name and kept up for as long as both live.
 * <pre>
 *   shard --send--&gt; queue of the peer --writer--&gt; socket ......&gt; socket --reader--&gt; inbox --drain--&gt;
 *   shard
 * </pre>
 * Each connection has a reader and a writer thread; one thread accepts, one per dialled peer dials (and then reads).
 * All are daemons and named {@code baton-control-...}. The shard's thread touches the two rings only: it never blocks
 * and allocates nothing.
 * <p>
 * The methods of {@link ControlPlane} belong to the shard's thread; {@link #counters(int)}, {@link #census()},
 * {@link #refused()}, {@link #localPort()} and {@link #close()} to any.
 */
public final class TlsControlPlane implements ControlPlane, AutoCloseable
{
    private static final int BACKLOG = 64;

    private final ControlRuntime runtime;
    private final ServerSocket server;
    private final ControlPeer[] peers;
    private final ControlConnection[] channels;
    private final boolean[] connected;
    private final long[] incarnations;
    private final MessageHandler onRecord = this::onRecord;
    private Handler handler;

    private TlsControlPlane(final ControlRuntime runtime, final ControlPeer[] peers, final ServerSocket server)
    {
        this.runtime = runtime;
        this.peers = peers;
        this.server = server;
        this.channels = new ControlConnection[peers.length];
        this.connected = new boolean[peers.length];
        this.incarnations = new long[peers.length];
    }

    /**
     * Listen and begin to dial.
     *
     * @param config settings.
     * @param wake   called by network threads after there is something to {@link #drain}; must not block.
     * @param log    told what happens, one line each, by any thread.
     * @return the plane.
     * @throws IOException when it cannot listen: the message names address, cause and mend.
     */
    public static TlsControlPlane start(final ControlConfig config, final Runnable wake, final Consumer<String> log)
        throws IOException
    {
        final ServerSocket server = config.listen() == null ? null : listen(config.listen());
        final ControlRuntime runtime = new ControlRuntime(
            config, new ControlLog(log, System.nanoTime()), new Inbox(config.inboundBytes(), wake));
        final ControlPeer[] peers = new ControlPeer[config.peers().size()];
        final Map<String, ControlPeer> byName = new HashMap<>();
        for (final String name : config.peers().keySet())
        {
            final ControlPeer peer = new ControlPeer(byName.size(), name, runtime);
            peers[byName.size()] = peer;
            byName.put(name, peer);
        }
        final TlsControlPlane plane = new TlsControlPlane(runtime, peers, server);
        plane.begin(new ConnectionOpener(runtime, byName));
        return plane;
    }

    private static ServerSocket listen(final Endpoint at) throws IOException
    {
        final ServerSocket server = new ServerSocket();
        try
        {
            server.setReuseAddress(true);
            final InetSocketAddress address = new InetSocketAddress(at.host(), at.port());
            if (address.isUnresolved())
            {
                throw new IOException("no address is known for the host");
            }
            server.bind(address, BACKLOG);
            return server;
        }
        catch (final IOException ex)
        {
            server.close();
            throw new IOException("listen " + at + ": " + ex.getMessage() +
                "; choose an address of this machine and a port that is free", ex);
        }
    }

    private void begin(final ConnectionOpener opener)
    {
        if (server != null)
        {
            runtime.spawn("acceptor", new Acceptor(runtime, opener, server));
        }
        for (final ControlPeer peer : peers)
        {
            if (runtime.config().dials(peer.name()))
            {
                runtime.spawn("dial-" + peer.name(), new Dialer(runtime, opener, peer));
            }
        }
    }

    @Override
    public String localNode()
    {
        return runtime.config().node();
    }

    @Override
    public int peer(final String node)
    {
        for (final ControlPeer peer : peers)
        {
            if (peer.name().equals(node))
            {
                return peer.index();
            }
        }
        return -1;
    }

    @Override
    public String peerName(final int peer)
    {
        return peers[peer].name();
    }

    @Override
    public int peerCount()
    {
        return peers.length;
    }

    @Override
    public boolean isConnected(final int peer)
    {
        return connected[peer];
    }

    /**
     * Which start of its process a peer is in.
     *
     * @param peer its number.
     * @return the number of its last Hello; 0 before the first. A new one means that the peer was restarted.
     */
    public long incarnation(final int peer)
    {
        return incarnations[peer];
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException when the frame is shorter than a message header or longer than
     *                                  {@link #MAX_FRAME_BYTES}.
     */
    @Override
    public boolean send(final int peer, final DirectBuffer frame, final int offset, final int length)
    {
        if (length < FrameReader.MIN_FRAME_BYTES || length > MAX_FRAME_BYTES)
        {
            throw new IllegalArgumentException("frame to " + peers[peer].name() + ": " + length + " bytes is not in " +
                FrameReader.MIN_FRAME_BYTES + " to " + MAX_FRAME_BYTES + "; send less in one message");
        }
        final ControlConnection channel = channels[peer];
        return channel != null && channel.offer(frame, offset, length);
    }

    @Override
    public int drain(final Handler handler, final int limit)
    {
        this.handler = handler;
        return runtime.inbox().take(onRecord, limit);
    }

    private void onRecord(final int type, final MutableDirectBuffer buffer, final int offset, final int length)
    {
        final int peer = Inbox.peer(type);
        switch (Inbox.kind(type))
        {
            case Inbox.CONNECTED:
                final ControlConnection current = peers[peer].current();
                final boolean live =
                    current != null && current.generation() == buffer.getLong(offset + ControlPeer.GENERATION_OFFSET);
                channels[peer] = live ? current : null;
                connected[peer] = true;
                incarnations[peer] = buffer.getLong(offset + ControlPeer.INCARNATION_OFFSET);
                handler.onConnected(peer);
                break;

            case Inbox.DISCONNECTED:
                channels[peer] = null;
                connected[peer] = false;
                handler.onDisconnected(peer);
                break;

            default:
                handler.onFrame(peer, buffer, offset, length);
                break;
        }
    }

    /**
     * Counters of a peer.
     *
     * @param peer its number.
     * @return live counters.
     */
    public PeerCounters counters(final int peer)
    {
        return peers[peer].counters();
    }

    /**
     * Connections that were accepted and did not become channels.
     *
     * @return how many.
     */
    public long refused()
    {
        return runtime.refused.get();
    }

    /**
     * The port on which peers reach this node.
     *
     * @return 0 when it does not listen.
     */
    public int localPort()
    {
        return server == null ? 0 : server.getLocalPort();
    }

    /**
     * The plane's own account of itself, for the operator: one JSON object, keys sorted.
     *
     * @return the text of the object.
     */
    public String census()
    {
        final StringBuilder json = new StringBuilder(256);
        json.append("{\"incarnation\":\"").append(Long.toHexString(runtime.config().incarnation()))
            .append("\",\"listen_port\":").append(localPort())
            .append(",\"node\":\"").append(localNode()).append("\",\"peers\":[");
        for (final ControlPeer peer : peers)
        {
            final ControlConnection current = peer.current();
            json.append(peer.index() == 0 ? "{" : ",{");
            peer.counters().appendTo(json);
            json.append(",\"incarnation\":").append(
                current == null ? "null" : '"' + Long.toHexString(current.incarnation()) + '"')
                .append(",\"node\":\"").append(peer.name())
                .append("\",\"up\":").append(current != null).append('}');
        }
        return json.append("],\"refused\":").append(refused()).append('}').toString();
    }

    /**
     * Close all channels and end all threads; waits for them, 5 s at most. What is still to drain may be drained; no
     * event tells of the closing itself.
     */
    @Override
    public void close()
    {
        runtime.beginClose();
        if (server != null)
        {
            try
            {
                server.close();
            }
            catch (final IOException ex)
            {
                runtime.log().line("control: closing the listener failed: " + ex.getMessage());
            }
        }
        runtime.close();
    }
}
