package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;

/**
 * Where the Tcbs of a shard take from what an idle connection does not hold: pieces of buffers, lists of what is out of
 * order, scoreboards of what is outstanding. Not thread safe.
 */
final class TcbMemory
{
    /** Of send rings. */
    final RingMemory sending;
    /** Of receive rings. */
    final RingMemory receiving;
    /** Of sent logs. */
    final SpareScoreboards scoreboards = new SpareScoreboards();

    TcbMemory(final BufferPool buffers, final StackContext context)
    {
        sending = RingMemory.forSending(buffers, context.initialSendBufferBytes());
        receiving = RingMemory.forReceiving(buffers, context.initialReceiveBufferBytes());
    }
}
