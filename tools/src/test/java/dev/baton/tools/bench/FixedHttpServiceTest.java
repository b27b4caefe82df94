package dev.baton.tools.bench;

import dev.baton.stack.service.CloseReason;
import dev.baton.tools.service.FakeConnection;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FixedHttpServiceTest
{
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final FixedHttpService service = new FixedHttpService();

    @Test
    void shouldAnswerWithABodyOfTheLengthThatItSays()
    {
        final String answer = answer();

        assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
        assertTrue(answer.contains("\r\nContent-Length: 128\r\n"), answer);
        assertEquals(128, answer.length() - answer.indexOf("\r\n\r\n") - 4);
    }

    @Test
    void shouldAnswerEachOfSeveralRequestsInOnePiece()
    {
        final FakeConnection connection = new FakeConnection(service, 1, 100_000);
        connection.receive(REQUEST + REQUEST + REQUEST);

        assertEquals(answer().repeat(3), connection.takeText());
        assertFalse(connection.closed);
    }

    @Test
    void shouldFindTheEndOfAHeadThatComesByteByByte()
    {
        final FakeConnection connection = new FakeConnection(service, 1, 100_000);
        final String request = "GET / HTTP/1.1\r\nA: b\r\r\n\r\n";
        request.chars().limit(request.length() - 1).forEach((c) -> connection.receive(String.valueOf((char)c)));

        assertEquals("", connection.takeText());
        connection.receive("\n");
        assertEquals(answer(), connection.takeText());
    }

    @Test
    void shouldNotReadOnBeforeAnAnswerIsWhollyWritten()
    {
        final FakeConnection connection = new FakeConnection(service, 1, 10);
        connection.receive(REQUEST + REQUEST);

        assertEquals(10, connection.takeText().length());
        assertEquals(REQUEST.length(), connection.readable());
        connection.allow(1_000);
        assertEquals(answer().substring(10) + answer(), connection.takeText());
        assertEquals(0, connection.readable());
    }

    @Test
    void shouldBeginAnewOnTheNextConnection()
    {
        final FakeConnection first = new FakeConnection(service, 1, 3);
        first.receive(REQUEST + "GET / HTTP/1.1\r\n");
        first.gone(CloseReason.RESET);
        final FakeConnection second = new FakeConnection(service, 2, 100_000);
        second.receive("\r\n");

        assertEquals("", second.takeText(), "neither the answer nor half a head of the first one");
    }

    @Test
    void shouldCloseWhenThePeerHasClosed()
    {
        final FakeConnection connection = new FakeConnection(service, 1, 100_000);
        connection.receive(REQUEST).peerCloses();

        assertTrue(connection.closed);
        assertEquals(answer(), connection.takeText());
    }

    private String answer()
    {
        final FakeConnection connection = new FakeConnection(service, 99, 100_000);
        return connection.receive(REQUEST).takeText();
    }
}
