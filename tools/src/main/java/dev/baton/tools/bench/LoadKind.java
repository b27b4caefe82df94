package dev.baton.tools.bench;

import java.util.List;

/** What a load generator measures: a column of the table. */
enum LoadKind
{
    /** One connection sends to discard. */
    TX1("tx1", 9, 1, "Gbit/s"),
    /** One connection reads from chargen. */
    RX1("rx1", 19, 1, "Gbit/s"),
    /** Eight connections send to discard. */
    TX8("tx8", 9, 8, "Gbit/s"),
    /** Eight connections read from chargen. */
    RX8("rx8", 19, 8, "Gbit/s"),
    /** One byte there and back on one connection to echo: median time. */
    PP("pp50", 7, 1, "us"),
    /** Connect, request, response, close, by sixteen workers. */
    CRR("crr16", 80, 16, "1/s"),
    /** Requests on sixteen connections that stay open. */
    HTTP("http16", 80, 16, "1/s");

    private final String title;
    private final int port;
    private final int workers;
    private final String unit;

    LoadKind(final String title, final int port, final int workers, final String unit)
    {
        this.title = title;
        this.port = port;
        this.workers = workers;
        this.unit = unit;
    }

    /** All of them in the order of columns. */
    static List<LoadKind> all()
    {
        return List.of(values());
    }

    /** The one with a title, or null. */
    static LoadKind of(final String title)
    {
        for (final LoadKind kind : values())
        {
            if (kind.title.equals(title))
            {
                return kind;
            }
        }
        return null;
    }

    String title()
    {
        return title;
    }

    int port()
    {
        return port;
    }

    int workers()
    {
        return workers;
    }

    String unit()
    {
        return unit;
    }

    /** Is a smaller figure the better one? */
    boolean isTime()
    {
        return this == PP;
    }
}
