package dev.baton.tools.service;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.EpochClock;

/**
 * Decides what a request is answered with: builds the head, and notes in the session which part of which file follows.
 * The order of the checks is that of RFC 9110, section 13.2.2, and RFC 9112, section 3: what the message is, what it
 * asks for, what the client has already, which part. Not thread safe.
 */
final class HttpResponder
{
    /** Longest content of a request that is thrown away to keep the connection, in bytes. */
    static final int MAX_SKIPPED_CONTENT = 65_536;

    private static final String TEXT = "text/plain; charset=utf-8";

    private final FileStore store;
    private final EpochClock clock;
    private final HttpCounters counters;
    private final int maxRequests;
    private final ResponseHead head;
    private final TargetPath target = new TargetPath();
    private final ByteRange range = new ByteRange();
    private final Validators validators = new Validators();
    private boolean draining;

    HttpResponder(
        final FileStore store, final EpochClock clock, final HttpCounters counters, final HttpFileSettings settings)
    {
        this.store = store;
        this.clock = clock;
        this.counters = counters;
        this.maxRequests = settings.maxRequests();
        this.head = new ResponseHead(settings.nodeName());
    }

    /** From now on every answer is the last of its connection. */
    void drain()
    {
        draining = true;
    }

    /**
     * The head that the last call built.
     *
     * @return valid until the next call.
     */
    ResponseHead head()
    {
        return head;
    }

    /**
     * Answer a request.
     *
     * @param session that it came on.
     * @param request complete head, still in its buffer.
     * @param src     that buffer.
     */
    void answer(final HttpSession session, final HttpRequest request, final DirectBuffer src)
    {
        final HttpConnectionState state = session.state;
        final RequestFields fields = request.fields();
        final boolean old = request.minor() == 0;
        counters.requests++;
        state.requests++;
        state.closeAfter =
            draining || fields.close() || old && !fields.keepAlive() || state.requests >= maxRequests;
        final int refusal = refusal(request, fields);
        if (refusal != 0)
        {
            refuse(session, refusal, request.method() == HttpRequest.HEAD);
            return;
        }
        state.contentToSkip = Math.max(0, fields.contentLength());
        state.closeAfter |= fields.expectContinue() && state.contentToSkip > 0;
        file(session, request, src, old && !state.closeAfter);
    }

    /**
     * Answer with an error that ends the connection.
     *
     * @param session  to be ended.
     * @param status   code.
     * @param headOnly leave out the content.
     */
    void refuse(final HttpSession session, final int status, final boolean headOnly)
    {
        session.state.closeAfter = true;
        error(session, status, headOnly, false);
    }

    /** What is wrong with the message itself; what follows it on the connection cannot be trusted then. */
    private static int refusal(final HttpRequest request, final RequestFields fields)
    {
        if (request.minor() > 0 && fields.hosts() == 0 || fields.hasTransferCoding() && fields.contentLength() >= 0)
        {
            return 400;
        }
        if (fields.hasTransferCoding() || request.method() == HttpRequest.UNKNOWN)
        {
            return 501;
        }
        if (fields.contentLength() > MAX_SKIPPED_CONTENT)
        {
            return 413;
        }
        return 0;
    }

    private void file(
        final HttpSession session, final HttpRequest request, final DirectBuffer src, final boolean keepOld)
    {
        final boolean headOnly = request.method() == HttpRequest.HEAD;
        if (request.method() == HttpRequest.NOT_ALLOWED)
        {
            error(session, 405, false, keepOld);
            return;
        }
        final int parsed = request.hasPath() ?
            target.parse(src, request.pathOffset(), request.pathLength()) : TargetPath.MALFORMED;
        if (parsed != TargetPath.OK)
        {
            error(session, parsed == TargetPath.FORBIDDEN ? 403 : 400, headOnly, keepOld);
            return;
        }
        final int opened = store.open(target.text());
        if (opened != FileStore.OK)
        {
            final int status = opened == FileStore.ABSENT ? 404 : opened == FileStore.FORBIDDEN ? 403 : 503;
            error(session, status, headOnly, keepOld);
            return;
        }
        serve(session, store.file(), request.fields(), headOnly, keepOld);
    }

    private void serve(
        final HttpSession session,
        final ServedFile file,
        final RequestFields fields,
        final boolean headOnly,
        final boolean keepOld)
    {
        validators.of(file);
        if (validators.notModified(fields))
        {
            begin(304).validators(validators);
            finish(session, keepOld, "");
            store.release(file);
            return;
        }
        final boolean ranged = !headOnly && fields.range().present() && validators.rangeApplies(fields);
        final int part = !ranged ? ByteRange.ABSENT :
            range.parse(fields.buffer(), fields.range().offset(), fields.range().length(), file.length());
        if (part == ByteRange.UNSATISFIABLE)
        {
            store.release(file);
            begin(416).field("Content-Range: bytes */", file.length()).field("Content-Length: ", 0);
            finish(session, keepOld, "");
            return;
        }
        final long from = part == ByteRange.PART ? range.first() : 0;
        final long to = part == ByteRange.PART ? range.last() + 1 : file.length();
        begin(part == ByteRange.PART ? 206 : 200)
            .field("Content-Type: ", file.contentType())
            .field("Content-Length: ", to - from)
            .validators(validators);
        if (part == ByteRange.PART)
        {
            head.contentRange(from, to - 1, file.length());
        }
        finish(session, keepOld, "");
        attach(session, file, from, headOnly ? from : to);
    }

    private void attach(final HttpSession session, final ServedFile file, final long from, final long to)
    {
        final HttpConnectionState state = session.state;
        session.file = file;
        state.path = target.text();
        state.fileLength = file.length();
        state.fileModifiedMs = file.modifiedMs();
        state.position = from;
        state.end = to;
    }

    private void error(final HttpSession session, final int status, final boolean headOnly, final boolean keepOld)
    {
        final String text = status + " " + ResponseHead.reason(status) + "\n";
        begin(status).field("Content-Type: ", TEXT).field("Content-Length: ", text.length());
        if (status == 405)
        {
            head.field("Allow: ", "GET, HEAD");
        }
        finish(session, keepOld, headOnly ? "" : text);
    }

    private ResponseHead begin(final int status)
    {
        counters.response(status);
        return head.begin(status, clock.time() / 1000);
    }

    private void finish(final HttpSession session, final boolean keepOld, final String text)
    {
        if (session.state.closeAfter)
        {
            head.field("Connection: ", "close");
        }
        else if (keepOld)
        {
            head.field("Connection: ", "keep-alive");
        }
        head.end(text);
    }
}
