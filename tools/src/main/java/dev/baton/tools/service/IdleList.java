package dev.baton.tools.service;

/**
 * Sessions in the order of their last progress, so that one look at the front finds who has been idle longest.
 * Intrusive: nothing is allocated. Not thread safe.
 */
final class IdleList
{
    private HttpSession oldest;
    private HttpSession newest;
    private int size;

    /**
     * A session has made progress; enters it if it was not in the list.
     *
     * @param session of this list, or of none.
     * @param nowNs   not before any earlier one.
     */
    void touch(final HttpSession session, final long nowNs)
    {
        remove(session);
        session.state.lastActivityNs = nowNs;
        session.older = newest;
        if (newest == null)
        {
            oldest = session;
        }
        else
        {
            newest.newer = session;
        }
        newest = session;
        session.listed = true;
        size++;
    }

    /**
     * Take a session out, if it is in.
     *
     * @param session of this list, or of none.
     */
    void remove(final HttpSession session)
    {
        if (!session.listed)
        {
            return;
        }
        if (session.older == null)
        {
            oldest = session.newer;
        }
        else
        {
            session.older.newer = session.newer;
        }
        if (session.newer == null)
        {
            newest = session.older;
        }
        else
        {
            session.newer.older = session.older;
        }
        session.older = null;
        session.newer = null;
        session.listed = false;
        size--;
    }

    /**
     * Who has been idle longest.
     *
     * @return null when the list is empty.
     */
    HttpSession oldest()
    {
        return oldest;
    }

    int size()
    {
        return size;
    }
}
