package dev.baton.tools.node;

import dev.baton.tools.cli.CliError;

import java.util.Map;

/**
 * Something that a node can be asked over its socket. A command is one class and one line in {@link AdminCommands}.
 */
interface AdminCommand
{
    /**
     * Do what may take time (check the request, read files) on the socket's thread.
     *
     * @param request members of the request document.
     * @return what is left to be done on the shard's thread.
     * @throws CliError when the request is wrong; nothing was changed then.
     */
    ShardStep prepare(Map<String, Object> request);

    /** The part of a command that touches the shard. */
    interface ShardStep
    {
        /**
         * Do it; must not block.
         *
         * @param nowNs time of this turn.
         * @return members of the answer.
         * @throws CliError when the node refuses; nothing was changed then.
         */
        Map<String, Object> run(long nowNs);
    }
}
