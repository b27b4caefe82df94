package dev.baton.tools.service;

import dev.baton.handoff.policy.RequestHead;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Map;

/**
 * Serves the files under a root over HTTP/1.1 (RFC 9110, RFC 9112): GET and HEAD, keep-alive, pipelining, single
 * ranges, conditional requests.
 * <p>
 * A request stays in TCP's receive buffer until its head is complete, and the next one waits there while a response is
 * being sent, so that a client that pipelines is held back by its window. File bytes go from the mapping straight into
 * TCP's send buffer, as many as it has room for. A file that becomes shorter while it is being sent aborts its
 * connections.
 * <p>
 * All calls on the shard's thread.
 */
public final class HttpFileService implements TcpService
{
    /** Most requests of one connection that are answered before the others get their turn. */
    private static final int MAX_REQUESTS_PER_CALL = 32;
    /** Most bytes that are thrown away after the last response. */
    private static final long MAX_LINGER_BYTES = 1 << 20;
    /** Most sessions kept for reuse. */
    private static final int MAX_POOLED = 1024;

    private final HttpCounters counters = new HttpCounters();
    private final IdleList idle = new IdleList();
    private final ArrayDeque<HttpSession> deferred = new ArrayDeque<>();
    private final ArrayDeque<HttpSession> pool = new ArrayDeque<>();
    private final HttpRequest request = new HttpRequest();
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[RequestHead.MAX_HEAD_BYTES]);
    private final FileStore store;
    private final HttpResponder responder;
    private final long idleNs;
    private long nowNs;

    /**
     * A server.
     *
     * @param settings what to serve and within which limits.
     * @param clock    time of day, for the Date field.
     * @throws IOException when the root is not a directory that can be read.
     */
    public HttpFileService(final HttpFileSettings settings, final EpochClock clock) throws IOException
    {
        idleNs = settings.idleNs();
        store = new FileStore(settings.root(), settings.maxOpenFiles(), settings.maxMappedPieces());
        responder = new HttpResponder(store, clock, counters, settings);
    }

    /**
     * Connections served now.
     *
     * @return how many.
     */
    public int connectionCount()
    {
        return idle.size();
    }

    /**
     * What the server has done.
     *
     * @return counters by name, sorted.
     */
    public Map<String, Object> counters()
    {
        final Map<String, Object> all = counters.snapshot();
        all.put("open_files", store.openCount());
        all.put("mapped_pieces", store.chunks().mappedCount());
        all.put("maps", store.chunks().maps());
        return all;
    }

    /**
     * Finish what is being sent, say in every answer that the connection closes, and close the connections that wait.
     */
    public void drain()
    {
        responder.drain();
        HttpSession session = idle.oldest();
        while (session != null)
        {
            final HttpSession next = session.newer;
            if (session.state.phase == HttpConnectionState.SENDING)
            {
                session.state.closeAfter = true;
            }
            else if (session.connection.readable() == 0)
            {
                close(session);
            }
            session = next;
        }
    }

    @Override
    public void onAccepted(final TcpConnection connection)
    {
        final HttpSession session = pool.isEmpty() ? new HttpSession() : pool.pop();
        session.state.reset();
        session.connection = connection;
        connection.attachment(session);
        counters.connections++;
        idle.touch(session, nowNs);
    }

    @Override
    public void onReadable(final TcpConnection connection)
    {
        proceed((HttpSession)connection.attachment());
    }

    @Override
    public void onWritable(final TcpConnection connection)
    {
        proceed((HttpSession)connection.attachment());
    }

    @Override
    public void onClosed(final TcpConnection connection, final CloseReason reason)
    {
        final HttpSession session = (HttpSession)connection.attachment();
        connection.attachment(null);
        idle.remove(session);
        releaseFile(session);
        session.state.phase = HttpConnectionState.CLOSED;
        session.connection = null;
        if (!session.queued && pool.size() < MAX_POOLED)
        {
            pool.push(session);
        }
    }

    @Override
    public void onTick(final long tickNs)
    {
        nowNs = tickNs;
        for (int i = deferred.size(); i > 0; i--)
        {
            final HttpSession session = deferred.poll();
            session.queued = false;
            if (session.connection != null)
            {
                proceed(session);
            }
        }
        for (HttpSession session = idle.oldest();
            session != null && session.state.lastActivityNs + idleNs - nowNs <= 0;
            session = idle.oldest())
        {
            counters.idleCloses++;
            if (session.state.phase == HttpConnectionState.SENDING)
            {
                abort(session);
            }
            else
            {
                close(session);
            }
        }
    }

    @Override
    public long nextDeadlineNs()
    {
        final HttpSession oldest = idle.oldest();
        return !deferred.isEmpty() ? nowNs : oldest == null ? Long.MAX_VALUE : oldest.state.lastActivityNs + idleNs;
    }

    private void proceed(final HttpSession session)
    {
        final HttpConnectionState state = session.state;
        for (int i = 0; i < MAX_REQUESTS_PER_CALL; i++)
        {
            if (state.phase == HttpConnectionState.LINGERING)
            {
                linger(session);
                return;
            }
            if (state.phase == HttpConnectionState.CLOSED ||
                state.phase == HttpConnectionState.SENDING && !send(session) ||
                state.phase == HttpConnectionState.READING && !read(session))
            {
                return;
            }
        }
        if (!session.queued)
        {
            counters.deferrals++;
            session.queued = true;
            deferred.add(session);
        }
    }

    /** Take the next request, if it is there; false when there is nothing more to do now. */
    private boolean read(final HttpSession session)
    {
        final TcpConnection connection = session.connection;
        final HttpConnectionState state = session.state;
        if (state.contentToSkip > 0)
        {
            final int skipped = (int)Math.min(state.contentToSkip, connection.readable());
            connection.skip(skipped);
            state.contentToSkip -= skipped;
        }
        final int length = connection.peek(scratch, 0, RequestHead.MAX_HEAD_BYTES);
        if (length == 0 || state.contentToSkip > 0)
        {
            if (connection.endOfStream())
            {
                close(session);
            }
            return false;
        }
        final int parsed = request.parse(scratch, length);
        if (parsed == RequestHead.INCOMPLETE)
        {
            return false;
        }
        if (parsed == RequestHead.COMPLETE)
        {
            connection.skip(request.headLength());
            responder.answer(session, request, scratch);
        }
        else
        {
            responder.refuse(session, request.complaint(scratch, length), false);
        }
        state.phase = HttpConnectionState.SENDING;
        sendHead(session, responder.head().buffer(), 0, responder.head().length());
        return true;
    }

    /** Give TCP what it has room for; true when the response is complete. */
    private boolean send(final HttpSession session)
    {
        final HttpConnectionState state = session.state;
        if (state.headLength > 0)
        {
            scratch.putBytes(0, state.head, state.headTaken, state.headLength - state.headTaken);
            if (!sendHead(session, scratch, state.headTaken, state.headLength - state.headTaken))
            {
                return false;
            }
        }
        if (state.position < state.end && !sendFile(session))
        {
            return false;
        }
        releaseFile(session);
        state.clearResponse();
        idle.touch(session, nowNs);
        if (state.closeAfter)
        {
            session.connection.shutdownOutput();
            state.phase = HttpConnectionState.LINGERING;
        }
        else
        {
            state.phase = HttpConnectionState.READING;
        }
        return true;
    }

    /** The bytes are at the beginning of the buffer; {@code before} of the head have gone already. */
    private boolean sendHead(
        final HttpSession session, final DirectBuffer src, final int before, final int length)
    {
        final HttpConnectionState state = session.state;
        final int taken = session.connection.write(src, 0, length);
        if (taken == length)
        {
            state.headLength = 0;
            return true;
        }
        if (state.headLength == 0)
        {
            state.head = new byte[length];
            src.getBytes(0, state.head);
            state.headLength = length;
        }
        state.headTaken = before + taken;
        return false;
    }

    private boolean sendFile(final HttpSession session)
    {
        final HttpConnectionState state = session.state;
        final long before = state.position;
        try
        {
            boolean room = true;
            while (room && state.position < state.end && session.file.isWhole())
            {
                final DirectBuffer chunk = store.chunks().chunk(session.file, state.position);
                final int offset = (int)(state.position & ChunkCache.CHUNK_BYTES - 1);
                final int length = (int)Math.min(chunk.capacity() - offset, state.end - state.position);
                final int taken = session.connection.write(chunk, offset, length);
                state.position += taken;
                room = taken == length;
            }
        }
        catch (final IOException | InternalError ex)
        {
            truncated(session);
            return false;
        }
        if (!session.file.isWhole())
        {
            truncated(session);
            return false;
        }
        counters.fileBytes += state.position - before;
        if (state.position > before)
        {
            idle.touch(session, nowNs);
        }
        return state.position == state.end;
    }

    private void truncated(final HttpSession session)
    {
        counters.truncatedFiles++;
        abort(session);
    }

    private void linger(final HttpSession session)
    {
        final int waste = session.connection.readable();
        session.connection.skip(waste);
        session.state.lingeredBytes += waste;
        if (session.connection.endOfStream())
        {
            close(session);
        }
        else if (session.state.lingeredBytes > MAX_LINGER_BYTES)
        {
            counters.lingerAborts++;
            abort(session);
        }
    }

    private void close(final HttpSession session)
    {
        idle.remove(session);
        session.state.phase = HttpConnectionState.CLOSED;
        session.connection.close();
    }

    private void abort(final HttpSession session)
    {
        idle.remove(session);
        session.state.phase = HttpConnectionState.CLOSED;
        session.connection.abort();
    }

    private void releaseFile(final HttpSession session)
    {
        final ServedFile file = session.file;
        session.file = null;
        if (file != null)
        {
            store.release(file);
        }
    }
}
