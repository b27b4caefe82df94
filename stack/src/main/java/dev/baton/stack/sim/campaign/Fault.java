package dev.baton.stack.sim.campaign;

/**
 * Something that happens to a site, or between two.
 *
 * @param index    number of the fault.
 * @param kind     what happens.
 * @param site     to which.
 * @param other    the other site of a path.
 * @param host     number of the host in its site.
 * @param fromNs   when it begins.
 * @param lengthNs how long it lasts; of a move or restart, how long the connections are nowhere.
 * @param value    an MTU in bytes, or how many events lie between two moves.
 */
record Fault(int index, Kind kind, int site, int other, int host, long fromNs, long lengthNs, int value)
{
    /** Kinds of faults. */
    enum Kind
    {
        /** Nothing passes between two sites. */
        PARTITION,
        /** Nothing passes one way. */
        ONE_WAY,
        /** Packets are kept back one way, then come all at once. */
        HOLD,
        /** The MTU of a path falls, and senders are told. */
        SMALLER_MTU,
        /** The MTU of a path falls, and nobody is told. */
        BLACK_HOLE,
        /** A host does not run for a while. */
        PAUSE,
        /** A host loses everything, and starts again after a while. */
        CRASH,
        /** A host stops, and goes on from an image after a while. */
        RESTART,
        /** All connections of a site's first host go to another one. */
        MOVE_SITE,
        /** One connection goes to another host. */
        MOVE_FLOW,
        /** Connections go to and fro at every few events. */
        MOVE_STORM
    }

    String name()
    {
        return "x" + index;
    }

    /** Does it end connections that would have gone on? */
    boolean kills()
    {
        return kind == Kind.CRASH;
    }
}
