package dev.baton.tools.service;

import dev.baton.handoff.policy.RequestHead;
import dev.baton.stack.service.CloseReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HttpFileServiceTest
{
    private static final int AMPLE = 1 << 20;
    private static final long MODIFIED_MS = 784_111_777_000L;
    private static final String HOST = "Host: x\r\n";

    @TempDir
    Path dir;
    private Path root;
    private HttpFileService service;

    @BeforeEach
    void serve() throws IOException
    {
        root = Files.createDirectories(dir.resolve("root"));
        put("hello.txt", "Hello, world\n");
        put("empty.bin", "");
        put("index.html", "<p>root</p>");
        put("with space/a+b~.json", "{}");
        service = new HttpFileService(settings(), () -> MODIFIED_MS + 1_000_000);
        service.onTick(1);
    }

    private HttpFileSettings settings()
    {
        return new HttpFileSettings(root, "back1").withIdleNs(1_000).withMaxRequests(5).withFileLimits(4, 2);
    }

    @Test
    void shouldServeAFileWithItsHead()
    {
        final FakeConnection connection = open(AMPLE).receive("GET /hello.txt HTTP/1.1\r\n" + HOST + "\r\n");

        assertEquals(
            "HTTP/1.1 200 OK\r\nServer: baton/back1\r\nDate: Sun, 06 Nov 1994 09:06:17 GMT\r\n" +
            "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 13\r\n" +
            "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nETag: \"d-b690b434e8\"\r\nAccept-Ranges: bytes\r\n\r\n" +
            "Hello, world\n",
            connection.takeText());
        assertFalse(connection.outputShut || connection.closed);
    }

    @Test
    void shouldLeaveOutTheContentForHead()
    {
        final String answer = ask("HEAD /hello.txt HTTP/1.1\r\n" + HOST + "\r\n");

        assertTrue(answer.contains("Content-Length: 13\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\n"), answer);
    }

    @Test
    void shouldServeAnEmptyFile()
    {
        final String answer = ask("GET /empty.bin HTTP/1.1\r\n" + HOST + "\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertTrue(answer.contains("Content-Type: application/octet-stream\r\nContent-Length: 0\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\n"), answer);
    }

    @ParameterizedTest
    @CsvSource({
        "/, <p>root</p>",
        "/./index.html?query=1, <p>root</p>",
        "//hello.txt#x, Hello",
        "http://198.18.0.1/hello.txt, Hello",
        "/with%20space/%61+b%7e.json, {}",
        "http://198.18.0.1, <p>root</p>",
    })
    void shouldFindTheFileOfATarget(final String target, final String content)
    {
        final String answer = ask("GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n");

        assertTrue(answer.contains("\r\n\r\n" + content), answer);
    }

    @ParameterizedTest
    @CsvSource({
        "/absent.txt, 404",
        "/with%20space, 404",
        "/with%20space/, 404",
        "/../secret.txt, 403",
        "/with%20space/../../secret.txt, 403",
        "/%2e%2E/secret.txt, 403",
        "/link-out.txt, 403",
        "/dir-out/secret.txt, 403",
        "/link-in.txt, 200",
        "/hello.txt%00, 400",
        "/with%2Fslash, 400",
        "/%zz, 400",
        "/%4, 400",
        "/%ff, 400",
        "hello.txt, 400",
        "*, 400",
        "http:/hello.txt, 400",
    })
    void shouldAnswerByTarget(final String target, final int status) throws IOException
    {
        Files.writeString(dir.resolve("secret.txt"), "secret");
        Files.createSymbolicLink(root.resolve("link-out.txt"), dir.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("dir-out"), dir);
        Files.createSymbolicLink(root.resolve("link-in.txt"), root.resolve("hello.txt"));

        final String answer = ask("GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertFalse(answer.contains("secret"), answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "POST /hello.txt HTTP/1.1|Host: x|405",
        "BREW /pot HTTP/1.1|Host: x|501",
        "GET /hello.txt HTTP/2.0|Host: x|505",
        "GET /hello.txt HTTP/0.9|Host: x|505",
        "GET /hello.txt|Host: x|400",
        "GET  /hello.txt HTTP/1.1|Host: x|400",
        "GET /hello.txt http/1.1|Host: x|400",
        "GET /hello.txt HTTP/1.1|X: y|400",
        "GET /hello.txt HTTP/1.1|Host: x~Host: y|400",
        "GET /hello.txt HTTP/1.1|Host : x|400",
        "GET /hello.txt HTTP/1.1|Host: x~ folded|400",
        "GET /hello.txt HTTP/1.1|Host: x~no colon|400",
        "GET /hello.txt HTTP/1.1|Host: x~X: a^b|400",
        "GET /hello.txt HTTP/1.1|Host: x~Content-Length: 1~Content-Length: 2|400",
        "GET /hello.txt HTTP/1.1|Host: x~Content-Length: -1|400",
        "GET /hello.txt HTTP/1.1|Host: x~Content-Length: 1~Transfer-Encoding: chunked|400",
        "GET /hello.txt HTTP/1.1|Host: x~Transfer-Encoding: chunked|501",
        "GET /hello.txt HTTP/1.1|Host: x~Content-Length: 65537|413",
        "GET /hello.txt HTTP/1.0|X: y|200",
    })
    void shouldAnswerByMessage(final String line, final String fields, final int status)
    {
        final FakeConnection connection = open(AMPLE).receive(line + "\r\n" + lines(fields) + "\r\n\r\n");
        final String answer = connection.takeText();

        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertEquals(status != 405, connection.outputShut, "what follows an unreadable message is not to be trusted");
        assertEquals(status == 405, answer.contains("\r\nAllow: GET, HEAD\r\n"), answer);
    }

    @Test
    void shouldRefuseATargetAndFieldsThatAreTooLong()
    {
        final String longText = "a".repeat(RequestHead.MAX_HEAD_BYTES);

        assertTrue(ask("GET /" + longText).startsWith("HTTP/1.1 414 "));
        assertTrue(ask("GET / HTTP/1.1\r\nX: " + longText).startsWith("HTTP/1.1 431 "));
    }

    @Test
    void shouldReadARequestThatComesByteByByte()
    {
        final FakeConnection connection = open(AMPLE);
        final String text = "\r\nGET /hello.txt HTTP/1.1\nhost:x\n\n";

        for (int i = 0; i < text.length(); i++)
        {
            assertEquals("", connection.takeText());
            connection.receive(text.substring(i, i + 1));
        }
        assertTrue(connection.takeText().endsWith("\r\n\r\nHello, world\n"));
    }

    @Test
    void shouldAnswerPipelinedRequestsInOrder()
    {
        final FakeConnection connection = open(AMPLE).receive(
            "GET /hello.txt HTTP/1.1\r\n" + HOST + "\r\n" +
            "GET /absent HTTP/1.1\r\n" + HOST + "\r\n" +
            "HEAD /hello.txt HTTP/1.1\r\n" + HOST + "\r\n" +
            "GET / HTTP/1.1\r\n" + HOST + "\r\n");
        final String answer = connection.takeText().replaceAll("(?m)^[A-Z][A-Za-z-]+: .*\r\n", "");

        assertEquals("HTTP/1.1 200 OK\r\n\r\nHello, world\nHTTP/1.1 404 Not Found\r\n\r\n404 Not Found\n" +
            "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<p>root</p>", answer);
    }

    @Test
    void shouldThrowAwayTheContentOfARequest()
    {
        final FakeConnection connection = open(AMPLE)
            .receive("GET /hello.txt HTTP/1.1\r\n" + HOST + "Content-Length: 20\r\n\r\nGET / HTT")
            .receive("P/1.1\r\n\r\n\r\nGET /absent HTTP/1.1\r\n" + HOST + "\r\n");

        final String answer = connection.takeText();

        assertEquals(2, answer.split("HTTP/1.1 ", -1).length - 1, answer);
        assertTrue(answer.contains("HTTP/1.1 404 "), answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "bytes=0-4|206|0-4/13|Hello",
        "bytes=7-|206|7-12/13|world~",
        "bytes=-6|206|7-12/13|world~",
        "bytes=-100|206|0-12/13|Hello, world~",
        "bytes=5-100|206|5-12/13|, world~",
        "BYTES= 0-0 |206|0-0/13|H",
        "bytes=13-|416|*/13|''",
        "bytes=-0|416|*/13|''",
        "bytes=5-4|200|''|Hello, world~",
        "bytes=0-1,3-4|200|''|Hello, world~",
        "bytes=-|200|''|Hello, world~",
        "bytes=99999999999999999999-|200|''|Hello, world~",
        "lines=1-2|200|''|Hello, world~",
    })
    void shouldServeOneRange(final String range, final int status, final String contentRange, final String content)
    {
        final String expected = content.replace('~', '\n');
        final String answer = ask("GET /hello.txt HTTP/1.1\r\n" + HOST + "Range: " + range + "\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertEquals(!contentRange.isEmpty(), answer.contains("\r\nContent-Range: bytes " + contentRange + "\r\n"), answer);
        assertEquals(expected, answer.substring(answer.indexOf("\r\n\r\n") + 4));
        assertTrue(answer.contains("\r\nContent-Length: " + expected.length() + "\r\n"), answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "If-None-Match: \"d-b690b434e8\"|304",
        "If-None-Match: \"x\", W/\"d-b690b434e8\"|304",
        "If-None-Match: *|304",
        "If-None-Match: \"d-b690b434e7\"|200",
        "If-None-Match: \"other\"~If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT|200",
        "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT|304",
        "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT|304",
        "If-Modified-Since: Sun Nov  6 08:49:37 1994|304",
        "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT|200",
        "If-Modified-Since: yesterday|200",
        "Range: bytes=0-1~If-Range: \"d-b690b434e8\"|206",
        "Range: bytes=0-1~If-Range: W/\"d-b690b434e8\"|200",
        "Range: bytes=0-1~If-Range: Sun, 06 Nov 1994 08:49:37 GMT|206",
        "Range: bytes=0-1~If-Range: Sun, 06 Nov 1994 08:49:38 GMT|200",
    })
    void shouldHonourPreconditions(final String field, final int status)
    {
        final String answer = ask("GET /hello.txt HTTP/1.1\r\n" + HOST + lines(field) + "\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertTrue(answer.contains("ETag: \"d-b690b434e8\"\r\n"), answer);
        assertTrue(status != 304 || answer.endsWith("\r\n\r\n"), answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1.1|X: y|false|''",
        "1.1|Connection: foo , CLOSE|true|close",
        "1.0|X: y|true|close",
        "1.0|Connection: Keep-Alive|false|keep-alive",
    })
    void shouldKeepTheConnectionAsAgreed(
        final String version, final String field, final boolean closes, final String said)
    {
        final FakeConnection connection =
            open(AMPLE).receive("GET / HTTP/" + version + "\r\n" + HOST + lines(field) + "\r\n\r\n");
        final String answer = connection.takeText();

        assertEquals(closes, connection.outputShut);
        assertEquals(!said.isEmpty(), answer.contains("\r\nConnection: " + said + "\r\n"), answer);
    }

    @Test
    void shouldCloseAfterTheLastAllowedRequest()
    {
        final FakeConnection connection = open(AMPLE);
        for (int i = 0; i < 5; i++)
        {
            assertFalse(connection.outputShut);
            connection.receive("GET / HTTP/1.1\r\n" + HOST + "\r\n");
        }

        assertTrue(connection.takeText().contains("Connection: close\r\n"));
        assertTrue(connection.outputShut);
    }

    @Test
    void shouldLingerUntilThePeerCloses()
    {
        final FakeConnection connection =
            open(AMPLE).receive("GET / HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n").receive("more and more");

        assertEquals(0, connection.readable());
        assertFalse(connection.closed);
        connection.peerCloses();
        assertTrue(connection.closed);
    }

    @Test
    void shouldAbortAPeerThatDoesNotStop()
    {
        final FakeConnection connection = open(AMPLE).receive("BREW / HTTP/1.1\r\n" + HOST + "\r\n");

        connection.receive(new byte[AMPLE + 1]);

        assertTrue(connection.aborted);
        assertEquals(1L, service.counters().get("linger_aborts"));
    }

    @Test
    void shouldFinishTheResponseOfAPeerThatHasClosedItsHalf() throws IOException
    {
        final byte[] content = random("big.bin", 100_000);
        final FakeConnection connection =
            open(1_000).receive("GET /big.bin HTTP/1.1\r\n" + HOST + "\r\n").peerCloses();

        assertFalse(connection.closed);
        connection.allow(AMPLE);
        assertArrayEquals(content, content(connection));
        assertTrue(connection.closed);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 37, 250, 1_460, 65_536})
    void shouldSendAsThereIsRoom(final int step) throws IOException
    {
        final byte[] content = random("big.bin", 20_000);
        final FakeConnection connection = open(0).receive("GET /big.bin HTTP/1.1\r\n" + HOST + "\r\n");

        for (int i = 0; i < 30_000 / step + 1; i++)
        {
            connection.allow(step);
        }

        assertArrayEquals(content, content(connection));
        assertEquals(20_000L, service.counters().get("file_bytes"));
    }

    @Test
    void shouldServeAFileOfSeveralPiecesWithFewOfThemMapped() throws IOException
    {
        final int length = 3 * ChunkCache.CHUNK_BYTES + 12_345;
        final byte[] content = random("huge.bin", length);
        final FakeConnection connection = open(length / 2).receive("GET /huge.bin HTTP/1.1\r\n" + HOST + "\r\n");

        connection.allow(length);

        assertArrayEquals(content, content(connection));
        assertEquals(2, service.counters().get("mapped_pieces"));
        assertEquals(4L, service.counters().get("maps"));
    }

    @Test
    void shouldAbortWhenTheFileIsTruncatedWhileItIsSent() throws IOException
    {
        random("big.bin", 100_000);
        final FakeConnection connection = open(5_000).receive("GET /big.bin HTTP/1.1\r\n" + HOST + "\r\n");
        final FakeConnection other = open(AMPLE);

        try (RandomAccessFile file = new RandomAccessFile(root.resolve("big.bin").toFile(), "rw"))
        {
            file.setLength(10);
        }
        connection.allow(AMPLE);

        assertTrue(connection.aborted);
        assertEquals(1L, service.counters().get("truncated_files"));
        connection.gone(CloseReason.ABORTED);
        other.receive("GET /big.bin HTTP/1.1\r\n" + HOST + "\r\n");
        assertEquals(10, content(other).length);
    }

    @Test
    void shouldServeTheNewFileWhileTheOldOneIsStillBeingSent() throws IOException
    {
        final byte[] old = random("a.bin", 50_000);
        final FakeConnection slow = open(1_000).receive("GET /a.bin HTTP/1.1\r\n" + HOST + "\r\n");
        put("b.bin", "new");
        Files.move(root.resolve("b.bin"), root.resolve("a.bin"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        final FakeConnection quick = open(AMPLE).receive("GET /a.bin HTTP/1.1\r\n" + HOST + "\r\n");
        slow.allow(AMPLE);

        assertArrayEquals("new".getBytes(StandardCharsets.UTF_8), content(quick));
        assertArrayEquals(old, content(slow));
        assertEquals(1, service.counters().get("open_files"), "the old one is closed when its last user is done");
    }

    @Test
    void shouldRefuseWhenTooManyFilesAreInUseAndRecover() throws IOException
    {
        for (int i = 0; i < 5; i++)
        {
            random("f" + i, 10_000);
        }
        final FakeConnection[] users = new FakeConnection[4];
        for (int i = 0; i < 4; i++)
        {
            users[i] = open(1_000).receive("GET /f" + i + " HTTP/1.1\r\n" + HOST + "\r\n");
        }

        assertTrue(ask("GET /f4 HTTP/1.1\r\n" + HOST + "\r\n").startsWith("HTTP/1.1 503 "));
        users[2].gone(CloseReason.RESET);
        assertTrue(ask("GET /f4 HTTP/1.1\r\n" + HOST + "\r\n").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void shouldCloseAnIdleConnectionAndAbortAStuckOne() throws IOException
    {
        random("big.bin", 100_000);
        final FakeConnection waiting = open(AMPLE);
        final FakeConnection half = open(AMPLE).receive("GET / HT");
        final FakeConnection stuck = open(500).receive("GET /big.bin HTTP/1.1\r\n" + HOST + "\r\n");
        assertEquals(1_001, service.nextDeadlineNs());

        service.onTick(500);
        half.receive("TP/1.1");
        final FakeConnection active = open(AMPLE).receive("GET / HTTP/1.1\r\n" + HOST + "\r\n");
        service.onTick(1_001);

        assertTrue(waiting.closed);
        assertTrue(half.closed, "a request that trickles in is no progress");
        assertTrue(stuck.aborted);
        assertFalse(active.closed);
        assertEquals(1_500, service.nextDeadlineNs());
        assertEquals(3L, service.counters().get("idle_closes"));
    }

    @Test
    void shouldLeaveALongPipelineForTheNextPoll() throws IOException
    {
        service = new HttpFileService(settings().withMaxRequests(1_000), () -> MODIFIED_MS);
        service.onTick(10);
        final FakeConnection connection =
            open(AMPLE).receive(("GET /hello.txt HTTP/1.1\r\n" + HOST + "\r\n").repeat(100));

        assertTrue(answers(connection) < 50);
        assertEquals(10, service.nextDeadlineNs());
        for (int i = 0; i < 10; i++)
        {
            service.onTick(11 + i);
        }
        assertEquals(100, answers(connection));
    }

    @Test
    void shouldEndConnectionsWhenDraining() throws IOException
    {
        random("big.bin", 100_000);
        final FakeConnection waiting = open(AMPLE);
        final FakeConnection sending = open(500).receive("GET /big.bin HTTP/1.1\r\n" + HOST + "\r\n");

        service.drain();
        assertTrue(waiting.closed);
        sending.allow(AMPLE);
        assertEquals(100_000, content(sending).length);
        assertTrue(sending.outputShut);
        assertTrue(ask("GET / HTTP/1.1\r\n" + HOST + "\r\n").contains("Connection: close\r\n"));
    }

    @Test
    void shouldForgetAConnectionThatIsGone() throws IOException
    {
        random("big.bin", 100_000);
        final FakeConnection connection = open(500).receive("GET /big.bin HTTP/1.1\r\n" + HOST + "\r\n");

        connection.gone(CloseReason.RESET);

        assertEquals(0, service.connectionCount());
        assertEquals(Long.MAX_VALUE, service.nextDeadlineNs());
    }

    /** Field lines as the tables write them: a tilde ends a line, a caret stands for a control character. */
    private static String lines(final String text)
    {
        return text.replace("~", "\r\n").replace('^', '\u0001');
    }

    private FakeConnection open(final int room)
    {
        return new FakeConnection(service, 1, room);
    }

    private String ask(final String request)
    {
        final FakeConnection connection = open(AMPLE).receive(request);
        final String answer = connection.takeText();
        connection.gone(CloseReason.NORMAL);
        return answer;
    }

    private static int answers(final FakeConnection connection)
    {
        return new String(connection.sent(), StandardCharsets.ISO_8859_1).split("HTTP/1.1 ", -1).length - 1;
    }

    private static byte[] content(final FakeConnection connection)
    {
        final String text = new String(connection.sent(), StandardCharsets.ISO_8859_1);
        return Arrays.copyOfRange(connection.sent(), text.indexOf("\r\n\r\n") + 4, text.length());
    }

    private void put(final String name, final String content) throws IOException
    {
        final Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.fromMillis(MODIFIED_MS));
    }

    private byte[] random(final String name, final int length) throws IOException
    {
        final byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        Files.write(root.resolve(name), content);
        return content;
    }
}
