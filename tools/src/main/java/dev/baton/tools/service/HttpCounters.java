package dev.baton.tools.service;

import java.util.Map;
import java.util.TreeMap;

/** What a file server has done since it was made. Not thread safe. */
final class HttpCounters
{
    /** Connections accepted. */
    long connections;
    /** Requests read. */
    long requests;
    /** Bytes of files given to TCP. */
    long fileBytes;
    /** Connections closed for want of progress. */
    long idleCloses;
    /** Connections aborted because a file became shorter while it was being sent. */
    long truncatedFiles;
    /** Connections aborted because the peer sent too much after the last response. */
    long lingerAborts;
    /** Callbacks that left pipelined requests for the next poll. */
    long deferrals;
    private final long[] byClass = new long[6];

    void response(final int status)
    {
        byClass[status / 100]++;
    }

    /**
     * All counters.
     *
     * @return by name, sorted.
     */
    Map<String, Object> snapshot()
    {
        final Map<String, Object> all = new TreeMap<>();
        all.put("connections", connections);
        all.put("requests", requests);
        all.put("file_bytes", fileBytes);
        all.put("idle_closes", idleCloses);
        all.put("truncated_files", truncatedFiles);
        all.put("linger_aborts", lingerAborts);
        all.put("deferrals", deferrals);
        for (int i = 2; i <= 5; i++)
        {
            all.put("responses_" + i + "xx", byClass[i]);
        }
        return all;
    }
}
