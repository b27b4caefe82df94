package dev.baton.tools.drill.run;

import java.util.HashMap;
import java.util.Map;

/**
 * A connection (or UDP socket) under test: how the numbers of the script become those of the wire, and back. The script's numbers are
 * relative to the initial numbers, except in SYNs; its timestamps stand for those that were seen when they first came up.
 */
final class Flow
{
    private final Map<Long, Integer> liveTsByScript = new HashMap<>();
    private final Stream written = new Stream();
    private int localPort;
    private int remotePort;
    private int localIss;
    private boolean localIssKnown;
    private int remoteIsn;
    private long readBytes;
    private int lastWindow = -1;
    private long firstTsUs = -1;
    private int firstTs;

    Flow(final int localPort, final int remotePort)
    {
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

    void localIss(final int iss)
    {
        localIss = iss;
        localIssKnown = true;
    }

    int remoteIsn()
    {
        return remoteIsn;
    }

    void remoteIsn(final int isn)
    {
        remoteIsn = isn;
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

    /** The window of the last segment, for profiles that want it not to shrink; -1 before the first. */
    int lastWindow()
    {
        return lastWindow;
    }

    void lastWindow(final int window)
    {
        lastWindow = window;
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
