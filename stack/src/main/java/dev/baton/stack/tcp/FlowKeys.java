package dev.baton.stack.tcp;

/** Tells what flow has a slot of a {@link FlowIndex}: its owner, whose entries hold the 4-tuples anyway. */
interface FlowKeys
{
    /** Does a slot that is in use belong to a flow? */
    boolean isFlow(
        int slot, long localHi, long localLo, int localPort, long remoteHi, long remoteLo, int remotePort);
}
