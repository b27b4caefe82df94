package dev.baton.stack.socket;

/** Is told when it is worth to poll a descriptor again: what a selector or a blocking call waits for. */
@FunctionalInterface
public interface ReadinessListener
{
    /**
     * Something may have changed. Called from within a poll of the shard, on its thread.
     *
     * @param fd descriptor that is open.
     */
    void onReady(int fd);
}
