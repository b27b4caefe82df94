package dev.baton.tools.drill.run;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * A connection (or UDP socket) under test: how the numbers of the script become those of the wire, and back. The
 * script's numbers are
 * relative to the initial numbers, except in SYNs; its timestamps stand for those that were seen when they first came up.
 */
final class Flow
{
    private final Map<Long, Integer> liveTsByScript = new HashMap<>();
    private Stream written = new Stream();
    private int localPort;
    private int remotePort;
    private int localIss;
    private boolean localIssKnown;
    private int remoteIsn;
    private long readBytes;
    private int ownScale = -1;
    private boolean peerScales;
    private int edge;
    private boolean edgeKnown;
    private long firstTsUs = -1;
    private int firstTs;
    private final ArrayDeque<WirePacket> sent = new ArrayDeque<>();
    private final boolean datagrams;
    private boolean listening;
    private boolean remoteIsnKnown;
    private boolean readsChecked = true;
    private boolean watched;
    private int scriptIss;
    private int fd = -1;
    private Integer newIsn;

    Flow(final int localPort, final int remotePort, final boolean datagrams)
    {
        this.datagrams = datagrams;
        this.localPort = localPort;
        this.remotePort = remotePort;
    }

    int localPort()
    {
        return localPort;
    }

    void localPort(final int port)
    {
        localPort = port;
    }

    int remotePort()
    {
        return remotePort;
    }

    void remotePort(final int port)
    {
        remotePort = port;
    }

    boolean localIssKnown()
    {
        return localIssKnown;
    }

    int localIss()
    {
        return localIss;
    }

    /** The first SYN has left: its number on the wire, and in the script. */
    void localIss(final int iss, final int script)
    {
        localIss = iss;
        scriptIss = script;
        localIssKnown = true;
    }

    /** What a number of ours in the script is on the wire; those of SYNs count from the script's own initial number. */
    int liveLocal(final int number, final boolean syn)
    {
        return number + (localIssKnown ? localIss - (syn ? scriptIss : 0) : 0);
    }

    /** What a number of ours on the wire is in the script. */
    int scriptLocal(final int number, final boolean syn)
    {
        return number - (localIssKnown ? localIss - (syn ? scriptIss : 0) : 0);
    }

    int remoteIsn()
    {
        return remoteIsn;
    }

    /**
     * A SYN of the script is about to be injected. The first one tells the script's initial number; a later one may
     * be answered by a
     * new connection.
     */
    void onSynInjected(final int isn)
    {
        if (remoteIsnKnown)
        {
            newIsn = isn;
            return;
        }
        remoteIsn = isn;
        remoteIsnKnown = true;
    }

    /** A SYN-ACK was sent: if it answers a SYN in place of an older connection, numbers and streams begin anew. */
    void onSynAckSent(final int ack, final int seq)
    {
        if (newIsn != null && ack == newIsn + 1 && localIssKnown && seq != localIss)
        {
            remoteIsn = newIsn;
            localIssKnown = false;
            written = new Stream();
            readBytes = 0;
            liveTsByScript.clear();
            firstTsUs = -1;
        }
    }

    /** Is this a UDP socket? */
    boolean isDatagrams()
    {
        return datagrams;
    }

    boolean isListening()
    {
        return listening;
    }

    void listen()
    {
        listening = true;
    }

    /** Descriptor on the stack's side; -1 before there is one. */
    int fd()
    {
        return fd;
    }

    void fd(final int descriptor)
    {
        fd = descriptor;
    }

    /** Packets that it has sent and nobody has looked at. */
    ArrayDeque<WirePacket> sent()
    {
        return sent;
    }

    /** May bytes that are read be compared with the pattern? Not when urgent ones are taken out of the stream. */
    boolean readsChecked()
    {
        return readsChecked;
    }

    void doNotCheckReads()
    {
        readsChecked = false;
    }

    /** Does the script name this flow's ports, so that it is under test beside the newest one? */
    boolean isWatched()
    {
        return watched;
    }

    void watch()
    {
        watched = true;
    }

    Stream written()
    {
        return written;
    }

    long readBytes()
    {
        return readBytes;
    }

    void countRead(final int count)
    {
        readBytes += count;
    }

    /** The stack's SYN offers a window scale; -1 for none. */
    void ownScale(final int shift)
    {
        ownScale = shift;
        edgeKnown = false;
    }

    /** Does the script's SYN offer a window scale? */
    void peerScales(final boolean scales)
    {
        peerScales = scales;
    }

    /** A segment tells a window: how far the right edge has retreated with it, in bytes; 0 when it has not. */
    int edgeRetreat(final int ack, final int window)
    {
        final int told = ack + (peerScales && ownScale > 0 ? window << ownScale : window);
        final int retreat = edgeKnown ? Math.max(0, edge - told) : 0;
        edge = edgeKnown && edge - told > 0 ? edge : told;
        edgeKnown = true;
        return retreat;
    }

    /** A timestamp of the script was seen as this one on the wire. */
    void learnTs(final long script, final int live, final long us)
    {
        liveTsByScript.put(script, live);
        if (firstTsUs < 0)
        {
            firstTsUs = us;
            firstTs = live - (int)script;
        }
    }

    /** What stands for the script's timestamp 0 on the wire, once a segment has been seen. */
    int tsOffset()
    {
        return firstTs;
    }

    boolean tsSeen()
    {
        return firstTsUs >= 0;
    }

    /** The timestamp on the wire for one of the script; null when it never came up. */
    Integer liveTs(final long script)
    {
        return liveTsByScript.get(script);
    }
}
