package dev.baton.tools.service;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SmallServicesTest
{
    @Test
    void shouldEchoAllAndOnlyAsThereIsRoom()
    {
        final byte[] bytes = new byte[200_000];
        new Random(1).nextBytes(bytes);
        final FakeConnection connection = new FakeConnection(new EchoService(), 1, 70_000);

        connection.receive(bytes).peerCloses();

        assertEquals(130_000, connection.readable(), "what cannot be sent stays where the window counts it");
        assertFalse(connection.closed);
        connection.allow(200_000);
        assertArrayEquals(bytes, connection.sent());
        assertTrue(connection.closed);
    }

    @Test
    void shouldDiscardAndCount()
    {
        final DiscardService service = new DiscardService();
        final FakeConnection connection = new FakeConnection(service, 1, 10);

        connection.receive(new byte[1_000]).receive(new byte[234]);

        assertEquals(1_234, service.bytes());
        assertEquals(0, connection.sent().length);
        connection.peerCloses();
        assertTrue(connection.closed);
    }

    @Test
    void shouldGenerateTheRotatingLinesAcrossAnyStep()
    {
        final FakeConnection connection = new FakeConnection(new ChargenService(), 1, 100);
        connection.receive("ignored");
        for (int i = 0; i < 40; i++)
        {
            connection.allow(997);
        }
        final String[] lines = new String(connection.sent(), StandardCharsets.US_ASCII).split("\r\n");

        assertTrue(lines.length > 400);
        assertEquals(" !\"#", lines[0].substring(0, 4));
        for (int line = 0; line < lines.length - 1; line++)
        {
            assertEquals(72, lines[line].length());
            for (int column = 0; column < 72; column++)
            {
                assertEquals(' ' + (line + column) % 95, lines[line].charAt(column));
            }
        }
        connection.peerCloses();
        assertTrue(connection.closed);
    }
}
