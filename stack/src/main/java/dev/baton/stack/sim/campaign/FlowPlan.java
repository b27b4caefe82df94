package dev.baton.stack.sim.campaign;

/**
 * Traffic between two sites.
 *
 * @param index       number of the flow; its ports follow from it.
 * @param kind        what it is like.
 * @param client      site that opens.
 * @param server      site that is called.
 * @param v4          false for IPv6.
 * @param startNs     when.
 * @param up          bytes from client to server, per connection.
 * @param down        bytes from server to client, per connection.
 * @param rounds      turns of request and response.
 * @param thinkNs     the client's pause between turns.
 * @param connections one after the other.
 * @param samePort    do they use the same local port?
 * @param readChunk   a slow reader takes at most so many bytes at a time; 0 reads all at once.
 * @param readEveryNs between two reads of a slow reader.
 * @param clientEnds  how the client ends.
 * @param serverEnds  how the server ends.
 */
record FlowPlan(
    int index,
    Kind kind,
    int client,
    int server,
    boolean v4,
    long startNs,
    int up,
    int down,
    int rounds,
    long thinkNs,
    int connections,
    boolean samePort,
    int readChunk,
    long readEveryNs,
    Ending clientEnds,
    Ending serverEnds)
{
    /** Kinds of traffic. */
    enum Kind
    {
        /** Both write all that they have at once. */
        BULK,
        /** In turns. */
        DIALOGUE,
        /** The server writes when it has seen the client's FIN. */
        HALF_CLOSE,
        /** The client aborts in the middle. */
        ABORT,
        /** Both call connect. */
        SIMULTANEOUS
    }

    /** How an end ends its connection when it has written all. */
    enum Ending
    {
        /** FIN at once; close at the end of the other's stream. */
        SHUTDOWN,
        /** Close when all that is expected has been read as well. */
        CLOSE
    }

    String name()
    {
        return "f" + index;
    }

    int serverPort()
    {
        return 1000 + index;
    }

    int clientPort(final int connection)
    {
        return 20_000 + index * 64 + (samePort ? 0 : connection % 64);
    }

    boolean touches(final int site)
    {
        return client == site || server == site;
    }
}
