package dev.baton.stack.tcp.congestion;

import java.util.List;

/** The registry: a new congestion control is one new class and one entry here. */
public final class CongestionControls
{
    private static final List<CongestionControl> ALL = List.of(
        Cubic.INSTANCE,
        NewReno.INSTANCE,
        Bbr.INSTANCE);

    private CongestionControls()
    {
    }

    /**
     * Names that {@link #byName(String)} knows.
     *
     * @return in order of registration; unmodifiable.
     */
    public static List<String> names()
    {
        return ALL.stream().map(CongestionControl::name).toList();
    }

    /**
     * Look one up.
     *
     * @param name of it.
     * @return the singleton.
     * @throws IllegalArgumentException when there is none of that name.
     */
    public static CongestionControl byName(final String name)
    {
        for (final CongestionControl control : ALL)
        {
            if (control.name().equals(name))
            {
                return control;
            }
        }
        throw new IllegalArgumentException("congestion control '" + name + "' is not known; take one of " + names());
    }
}
