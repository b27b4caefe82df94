package dev.baton.tools.node;

import dev.baton.handoff.control.ControlPlane;
import dev.baton.stack.NetStack;
import dev.baton.tun.TunDevice;
import dev.baton.tun.Waiter;

/**
 * The parts of a running node, for the commands that describe and change it. What belongs to the shard is touched on
 * its thread only.
 *
 * @param config    it was started with.
 * @param startedMs time of day of the start, milliseconds since the epoch.
 * @param device    of the shard.
 * @param waiter    of the shard's thread.
 * @param stack     the shard.
 * @param control   its control plane.
 * @param modules   in its chain.
 * @param services  built in.
 * @param commands  for its thread.
 * @param errors    of its thread.
 * @param loop      of its thread.
 */
record Node(
    NodeConfig config,
    long startedMs,
    TunDevice device,
    Waiter waiter,
    NetStack stack,
    ControlPlane control,
    ModuleRegistry modules,
    NodeServices services,
    CommandQueue commands,
    ErrorLog errors,
    ShardLoop loop)
{
}
