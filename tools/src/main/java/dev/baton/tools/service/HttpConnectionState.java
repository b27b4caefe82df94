package dev.baton.tools.service;

/**
 * What an HTTP connection is, apart from TCP: plain values from which another node could go on with it. A request that
 * has not been read completely is still in TCP's receive buffer, so nothing of it is here.
 * <p>
 * The states:
 * <pre>
 *   READING --request--&gt; SENDING --response complete--&gt; READING
 *      |                    |
 *      |                    +--response complete, last one--&gt; LINGERING --peer closed--&gt; CLOSED
 *      +--peer closed, or idle too long--&gt; CLOSED
 * </pre>
 * Not thread safe.
 */
final class HttpConnectionState
{
    /** Waiting for a request, or for the rest of one. */
    static final int READING = 0;
    /** A response is on its way. */
    static final int SENDING = 1;
    /** The last response is complete; what still comes is thrown away until the peer closes (RFC 9112, section 9.6). */
    static final int LINGERING = 2;
    /** Closed or aborted from this side. */
    static final int CLOSED = 3;

    /** Where the connection is. */
    int phase;
    /** Requests answered or being answered. */
    int requests;
    /** The response on its way is the last. */
    boolean closeAfter;
    /** Bytes of the request's content that have still to be thrown away. */
    long contentToSkip;
    /** Bytes thrown away while lingering. */
    long lingeredBytes;
    /** File being sent: its path below the root; null when the response has no file. */
    String path;
    /** File being sent: its length when it was opened, in bytes. */
    long fileLength;
    /** File being sent: its modification time when it was opened, in milliseconds since the epoch. */
    long fileModifiedMs;
    /** Next byte of the file to give to TCP. */
    long position;
    /** End of what is to be sent, as a position in the file. */
    long end;
    /** Bytes of the response head that TCP has not taken yet, {@link #headTaken} to {@link #headLength}. */
    byte[] head;
    /** How many bytes of {@link #head} TCP has taken. */
    int headTaken;
    /** Length of {@link #head} in bytes; 0 when TCP has taken all of it. */
    int headLength;
    /** When the connection last made progress. */
    long lastActivityNs;

    /** Make it a new connection's. */
    void reset()
    {
        phase = READING;
        requests = 0;
        closeAfter = false;
        contentToSkip = 0;
        lingeredBytes = 0;
        clearResponse();
        lastActivityNs = 0;
    }

    /** Forget the response. */
    void clearResponse()
    {
        path = null;
        fileLength = 0;
        fileModifiedMs = 0;
        position = 0;
        end = 0;
        head = null;
        headTaken = 0;
        headLength = 0;
    }
}
