package dev.baton.stack.service;

import java.util.Arrays;

/**
 * A snapshot of a connection's account ({@code TCP_INFO}), one number for each {@link TcpInfoField}. Made once and
 * filled as often as needed: {@link TcpConnection#info(TcpInfo)} allocates nothing. Not thread safe.
 */
public final class TcpInfo
{
    private final long[] values = new long[TcpInfoField.values().length];

    /**
     * A field.
     *
     * @param field which.
     * @return in the field's unit.
     */
    public long get(final TcpInfoField field)
    {
        return values[field.ordinal()];
    }

    /**
     * A field by its name.
     *
     * @param tcpiName as in {@code struct tcp_info}.
     * @return in the field's unit.
     * @throws IllegalArgumentException when there is none of that name.
     */
    public long get(final String tcpiName)
    {
        return get(TcpInfoField.byName(tcpiName));
    }

    /**
     * Set a field: for who makes a snapshot.
     *
     * @param field which.
     * @param value in the field's unit.
     * @return this.
     */
    public TcpInfo set(final TcpInfoField field, final long value)
    {
        values[field.ordinal()] = value;
        return this;
    }

    /** All fields become 0. */
    public void clear()
    {
        Arrays.fill(values, 0);
    }

    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder();
        for (final TcpInfoField field : TcpInfoField.values())
        {
            text.append(text.isEmpty() ? "" : " ").append(field.tcpiName()).append('=').append(get(field));
        }
        return text.toString();
    }
}
