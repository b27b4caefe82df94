package dev.baton.handoff.early;

import dev.baton.stack.tcp.ReceiveRing;

import java.util.ArrayList;
import java.util.List;

/**
 * What a flow needs while it is held: its segments whole, and their payload in order. The order is made by the same
 * code that orders what TCP receives.
 */
final class Hold
{
    final HeldSegments segments;
    final ReceiveRing prefix;

    private Hold(final int limitBytes)
    {
        segments = new HeldSegments(limitBytes);
        prefix = new ReceiveRing(limitBytes);
    }

    /** A bounded stock of holds, made when first needed and reused. */
    static final class Pool
    {
        private final List<Hold> free = new ArrayList<>();
        private final int limit;
        private final int limitBytes;
        private int made;
        private long refusals;

        Pool(final int limit, final int limitBytes)
        {
            this.limit = limit;
            this.limitBytes = limitBytes;
        }

        /**
         * Take one.
         *
         * @return null, and counted, when all are in use.
         */
        Hold take(final int firstSeq)
        {
            final Hold hold;
            if (!free.isEmpty())
            {
                hold = free.remove(free.size() - 1);
            }
            else if (made < limit)
            {
                hold = new Hold(limitBytes);
                made++;
            }
            else
            {
                refusals++;
                return null;
            }
            hold.segments.clear();
            hold.prefix.reset(firstSeq);
            return hold;
        }

        void give(final Hold hold)
        {
            free.add(hold);
        }

        int inUse()
        {
            return made - free.size();
        }

        long refusals()
        {
            return refusals;
        }
    }
}
