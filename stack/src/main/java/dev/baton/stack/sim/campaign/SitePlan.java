package dev.baton.stack.sim.campaign;

import dev.baton.stack.StackContext;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One or more hosts behind the same addresses.
 *
 * @param index    of the site, 0 or more.
 * @param hosts    how many; connections move among them.
 * @param mtu      of their links, in bytes.
 * @param offload  do the links take super-segments and partial checksums?
 * @param core     does it have to make progress once faults are over?
 * @param traits   what is out of the ordinary in their settings.
 */
record SitePlan(int index, int hosts, int mtu, boolean offload, boolean core, List<Trait> traits)
{
    /**
     * Something out of the ordinary in a host's settings.
     *
     * @param name     for messages.
     * @param settings that make it so.
     */
    record Trait(String name, UnaryOperator<StackContext> settings)
    {
        @Override
        public String toString()
        {
            return name;
        }
    }

    StackContext apply(final StackContext context)
    {
        traits.forEach((trait) -> trait.settings().apply(context));
        return context;
    }
}
