package dev.baton.stack.tcp;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Objects that wait for their next user, so that after warm-up none is made. Not thread safe.
 *
 * @param <T> their type.
 */
final class FreeList<T>
{
    private final Supplier<T> maker;
    private Object[] free = new Object[16];
    private int freeCount;

    FreeList(final Supplier<T> maker)
    {
        this.maker = maker;
    }

    @SuppressWarnings("unchecked")
    T take()
    {
        if (freeCount == 0)
        {
            return maker.get();
        }
        freeCount--;
        final T taken = (T)free[freeCount];
        free[freeCount] = null;
        return taken;
    }

    void giveBack(final T object)
    {
        if (freeCount == free.length)
        {
            free = Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount] = object;
        freeCount++;
    }
}
