package dev.baton.tools.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * A table for people: columns as wide as their widest cell, never truncated, no trailing blanks.
 */
public final class Table
{
    private final List<String[]> rows = new ArrayList<>();
    private final int columns;

    /**
     * A table with a heading.
     *
     * @param headings one per column.
     */
    public Table(final String... headings)
    {
        columns = headings.length;
        rows.add(headings.clone());
    }

    /**
     * Add a row.
     *
     * @param cells one per column; null shows as {@code -}.
     * @return this.
     * @throws IllegalArgumentException when the number of cells is not that of the headings.
     */
    public Table row(final Object... cells)
    {
        if (cells.length != columns)
        {
            throw new IllegalArgumentException("row of " + cells.length + " cells in a table of " + columns);
        }
        final String[] row = new String[columns];
        for (int i = 0; i < columns; i++)
        {
            row[i] = cells[i] == null ? "-" : cells[i].toString();
        }
        rows.add(row);
        return this;
    }

    /**
     * The text.
     *
     * @return its lines, heading first, each without its end.
     */
    public List<String> lines()
    {
        final int[] widths = new int[columns];
        for (final String[] row : rows)
        {
            for (int i = 0; i < columns; i++)
            {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        final List<String> lines = new ArrayList<>(rows.size());
        for (final String[] row : rows)
        {
            final StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++)
            {
                line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
