package dev.baton.stack.tcp;

/**
 * Scoreboards that no {@link SentLog} holds at present. The last one given back is taken first, so that a busy connection
 * goes on with the size that it has come to need. Of those that have grown large only some are kept. Not thread safe.
 */
final class SpareScoreboards
{
    private static final int LARGE_RUNS = 512;
    private static final int MAX_LARGE = 64;

    private final FreeList<Scoreboard> spare = new FreeList<>(Scoreboard::new);
    private int largeCount;

    Scoreboard take()
    {
        final Scoreboard board = spare.take();
        largeCount -= isLarge(board) ? 1 : 0;
        return board;
    }

    void giveBack(final Scoreboard board)
    {
        if (isLarge(board))
        {
            if (largeCount == MAX_LARGE)
            {
                return;
            }
            largeCount++;
        }
        spare.giveBack(board);
    }

    /** How many large ones are kept. */
    int largeCount()
    {
        return largeCount;
    }

    private static boolean isLarge(final Scoreboard board)
    {
        return board.length() > LARGE_RUNS;
    }
}
