package dev.baton.tools.service;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import static org.junit.jupiter.api.Assertions.assertEquals;

class HttpDateTest
{
    private static final DateTimeFormatter FIXED =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);

    @Test
    void shouldWriteAndReadEveryDayOfFiveCenturiesAsTheJdkDoes()
    {
        for (long day = 0; day < 182_621; day++)
        {
            final long seconds = day * 86_400 + day % 86_400;

            assertEquals(HttpDate.LENGTH, HttpDate.write(buffer, 1, seconds));
            assertEquals(
                FIXED.format(Instant.ofEpochSecond(seconds)), buffer.getStringWithoutLengthAscii(1, HttpDate.LENGTH));
            assertEquals(seconds, HttpDate.parse(buffer, 1, HttpDate.LENGTH));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Wednesday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun Nov 06 08:49:37 1994",
    })
    void shouldReadAllThreeForms(final String text)
    {
        assertEquals(784_111_777L, parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Now 1994 08:49:37 GMT",
        "Sun, 36 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 199x 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08.49.37 GMT",
        "Sunday, 06-Nov-9x 08:49:37 GMT",
        "Sun Nov  x 08:49:37 1994",
    })
    void shouldRefuseWhatIsNoDate(final String text)
    {
        assertEquals(HttpDate.INVALID, parse(text));
    }

    private long parse(final String text)
    {
        buffer.putBytes(0, text.getBytes(StandardCharsets.US_ASCII));
        return HttpDate.parse(buffer, 0, text.length());
    }
}
