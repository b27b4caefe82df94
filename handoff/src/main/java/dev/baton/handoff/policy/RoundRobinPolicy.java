package dev.baton.handoff.policy;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;
import java.util.List;

/**
 * Gives connections to the nodes in turn, whatever they ask for; nodes that are not up are passed over, and when none
 * is up the connection stays.
 * <p>
 * Settings, for example: {@code back1,back2}. It decides at the first byte that comes. Which node's turn it is counts
 * as state and can be exported: the number of nodes and the index of the next, 4 bytes each, little endian.
 */
final class RoundRobinPolicy implements HandoffPolicy
{
    static final String NAME = "round-robin";

    private static final int STATE_BYTES = 2 * Integer.BYTES;

    private final List<String> nodes;
    private int next;

    RoundRobinPolicy(final String settings)
    {
        nodes = PolicyRules.parseNodes(NAME, settings).nodes();
    }

    @Override
    public String name()
    {
        return NAME;
    }

    @Override
    public int nodeCount()
    {
        return nodes.size();
    }

    @Override
    public String nodeName(final int node)
    {
        return nodes.get(node);
    }

    @Override
    public int decide(
        final DirectBuffer prefix, final int offset, final int length, final boolean complete, final PolicyFacts facts)
    {
        if (length == 0)
        {
            return complete ? STAY : NEED_MORE;
        }
        final int count = nodes.size();
        for (int i = 0; i < count; i++)
        {
            final int node = (next + i) % count;
            if (facts.isUp(node))
            {
                next = (node + 1) % count;
                return node;
            }
        }
        return STAY;
    }

    @Override
    public int exportState(final MutableDirectBuffer buffer, final int offset)
    {
        buffer.putInt(offset, nodes.size(), ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(offset + Integer.BYTES, next, ByteOrder.LITTLE_ENDIAN);
        return STATE_BYTES;
    }

    /**
     * {@inheritDoc}
     * When the number of nodes has changed, the first node is next.
     */
    @Override
    public void importState(final DirectBuffer buffer, final int offset, final int length)
    {
        final int count = length == STATE_BYTES ? buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN) : 0;
        final int index = length == STATE_BYTES ? buffer.getInt(offset + Integer.BYTES, ByteOrder.LITTLE_ENDIAN) : 0;
        if (count <= 0 || index < 0 || index >= count)
        {
            throw new IllegalArgumentException("policy round-robin: state of " + length + " bytes is damaged (node " + index +
                " of " + count + "); begin without it");
        }
        next = count == nodes.size() ? index : 0;
    }
}
