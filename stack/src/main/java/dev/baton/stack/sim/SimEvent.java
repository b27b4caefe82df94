package dev.baton.stack.sim;

/**
 * Something that happens at a time. An event is in the {@link EventQueue} at most once; those of packets and hosts are
 * reused.
 */
abstract class SimEvent
{
    /** Position in the queue's heap, -1 when it is in none. */
    int heapIndex = -1;
    /** When it happens. */
    long timeNs;
    /** Order among events of the same time: who was scheduled first happens first. */
    long sequence;

    /** Let it happen; the clock stands at {@link #timeNs}. */
    abstract void run();

    /**
     * What it is, for messages about a world that hangs.
     *
     * @return a few words.
     */
    abstract String describe();
}
