package dev.baton.handoff.policy;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RequestHeadTest
{
    private static final String[] VALID = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /video/1.mp4?t=3 HTTP/1.1\nhost:www.example.org:8080\nAccept: */*\n\n",
        "\r\n\r\nPOST /x HTTP/1.0\r\n\r\n",
        "GET http://[fd00::1]:80/img/a HTTP/1.1\r\nHOST: other\r\nX-Empty:\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost:\t [::1] \t\r\n\r\n",
        "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n",
        "get /\u00e9 HTTP/1.9\r\nhOsT: EXAMPLE.\r\nV: \u00ff\r\n\r\n",
    };

    private final RequestHead head = new RequestHead();
    private UnsafeBuffer buffer;

    private int parse(final String text)
    {
        final byte[] bytes = ("##" + text).getBytes(StandardCharsets.ISO_8859_1);
        buffer = new UnsafeBuffer(bytes);
        return head.parse(buffer, 2, bytes.length - 2);
    }

    private String text(final int offset, final int length)
    {
        return buffer.getStringWithoutLengthAscii(offset, length);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "GET /a/b?c=d HTTP/1.1|Host: h,        GET,     /a/b?c=d,        /a/b, h,           -1",
        "GET / HTTP/1.1|HOST: Www.Example.ORG, GET,     /,               /,    Www.Example.ORG, -1",
        "HEAD /x HTTP/1.0,                     HEAD,    /x,              /x,   -,           -1",
        "GET /x#y HTTP/1.1|host: h:8080,       GET,     /x#y,            /x,   h,           8080",
        "GET /x HTTP/1.1|Host: h:,             GET,     /x,              /x,   h,           -1",
        "GET /x HTTP/1.1|Host:,                GET,     /x,              /x,   '',          -1",
        "GET /x HTTP/1.1|Host: [fd00::1]:81,   GET,     /x,              /x,   [fd00::1],   81",
        "GET /x HTTP/1.1|Host: [::1],          GET,     /x,              /x,   [::1],       -1",
        "GET http://h2/p?q HTTP/1.1|Host: h,   GET,     http://h2/p?q,   /p,   h2,          -1",
        "GET HTTPS://h2:1 HTTP/1.1|Host: h,    GET,     HTTPS://h2:1,    '',   h2,          1",
        "GET http://h2?q=/ HTTP/1.1,           GET,     http://h2?q=/,   '',   h2,          -1",
        "CONNECT h3:443 HTTP/1.1|Host: h,      CONNECT, h3:443,          -,    h3,          443",
        "OPTIONS * HTTP/1.1|Host: h,           OPTIONS, *,               -,    h,           -1",
        "M-SEARCH /x HTTP/1.1|A: b|Host: h|C: d, M-SEARCH, /x,           /x,   h,           -1",
    })
    void shouldFindWhatAPolicyNeeds(
        final String lines, final String method, final String target, final String path, final String host, final int port)
    {
        for (final String lineEnd : new String[]{"\r\n", "\n"})
        {
            final String request = lines.replace("|", lineEnd) + lineEnd + lineEnd;
            assertEquals(RequestHead.COMPLETE, parse(request + "body"));
            assertEquals(request.length(), head.headLength());
            assertEquals(method, text(head.methodOffset(), head.methodLength()));
            assertTrue(head.isMethod(method));
            assertEquals(target, text(head.target().offset(), head.target().length()));
            assertEquals(path != null, head.target().hasPath());
            if (path != null)
            {
                assertEquals(path, text(head.target().pathOffset(), head.target().pathLength()));
            }
            assertEquals(host != null, head.host().isPresent());
            if (host != null)
            {
                assertEquals(host, text(head.host().offset(), head.host().length()));
            }
            assertEquals(port, head.host().port());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        " GET / HTTP/1.1\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1 \r\n\r\n", "GET /\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n", "GET / http/1.1\r\n\r\n", "GET / HTTP/1.x\r\n\r\n", "GET / HTTP/1.10\r\n\r\n",
        "GET / HTTP/1.1\rX", "G\u0001T / HTTP/1.1\r\n\r\n", "GET x HTTP/1.1\r\n\r\n",
        "GET ftp://h/ HTTP/1.1\r\n\r\n", "GET http:///x HTTP/1.1\r\n\r\n", "GET *x HTTP/1.1\r\n\r\n",
        "GET http://u@h/ HTTP/1.1\r\n\r\n", "GET /\u0000 HTTP/1.1\r\n\r\n", "GET /\u007f HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:999999999999999999\r\n\r\n", "GET / HTTP/1.1\r\nHost: a:8o\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: :80\r\n\r\n", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: []\r\n\r\n", "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: http://a\r\n\r\n", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\n: v\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \u0000\r\n\r\n", "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", "CONNECT / HTTP/1.1\r\n\r\n",
        "\u0016\u0003\u0001\u0002", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\rGET / HTTP/1.1\r\n\r\n",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJK"})
    void shouldCallMalformedWhatIsNoClearRequest(final String request)
    {
        assertEquals(RequestHead.MALFORMED, parse(request));
    }

    @Test
    void shouldNeedMoreOfEveryTruncation()
    {
        for (final String request : VALID)
        {
            for (int cut = 0; cut < request.length(); cut++)
            {
                assertEquals(RequestHead.INCOMPLETE, parse(request.substring(0, cut)), request.substring(0, cut));
            }
            assertEquals(RequestHead.COMPLETE, parse(request));
            assertEquals(request.length(), head.headLength());
        }
    }

    @Test
    void shouldLimitTheHead()
    {
        final String start = "GET / HTTP/1.1\r\nX: ";
        final String fits = start + "y".repeat(RequestHead.MAX_HEAD_BYTES - start.length() - 4) + "\r\n\r\n";
        assertEquals(RequestHead.MAX_HEAD_BYTES, fits.length());
        assertEquals(RequestHead.COMPLETE, parse(fits));
        assertEquals(RequestHead.INCOMPLETE, parse(fits.substring(0, RequestHead.MAX_HEAD_BYTES - 1)));
        assertEquals(RequestHead.MALFORMED, parse(fits.replace("X: ", "X: y")));
        assertEquals(RequestHead.MALFORMED, parse("\r\n".repeat(RequestHead.MAX_HEAD_BYTES)));
        assertEquals(RequestHead.MALFORMED, parse("GET /" + "a".repeat(RequestHead.MAX_HEAD_BYTES)));
    }

    @Test
    void shouldForgetTheRequestBefore()
    {
        parse("GET http://one/a HTTP/1.1\r\nHost: two:7\r\n\r\n");
        assertEquals(RequestHead.COMPLETE, parse("GET /b HTTP/1.0\r\n\r\n"));
        assertFalse(head.host().isPresent());
        assertEquals(HostPort.NO_PORT, head.host().port());
        assertEquals("/b", text(head.target().pathOffset(), head.target().pathLength()));
    }

    @Test
    void shouldNeverThrowNorLeaveItsBounds()
    {
        final Random random = new Random(20_261_123);
        for (int i = 0; i < 200_000; i++)
        {
            final byte[] bytes = VALID[random.nextInt(VALID.length)].getBytes(StandardCharsets.ISO_8859_1);
            for (int n = random.nextInt(6); n > 0; n--)
            {
                bytes[random.nextInt(bytes.length)] = (byte)(random.nextBoolean() ? random.nextInt() :
                    "\r\n :[]/*@?#%\t.".charAt(random.nextInt(14)));
            }
            final int length = random.nextInt(bytes.length + 1);
            final UnsafeBuffer exact = new UnsafeBuffer(bytes, 0, length);
            final int result = head.parse(exact, 0, length);
            if (result == RequestHead.COMPLETE)
            {
                assertTrue(head.headLength() <= length);
                assertTrue(head.target().pathOffset() + head.target().pathLength() <= length);
                assertTrue(head.host().offset() + head.host().length() <= length);
                head.target().pathStartsWith(new byte[]{'/', 'v'});
                head.host().is(new byte[]{'a'});
                head.host().isBelow(new byte[]{'.', 'b'});
            }
        }
    }
}
