package dev.baton.tools.service;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/**
 * Builds response heads (RFC 9112, section 4) in one reused buffer. Field values come from this program, never from a
 * request. Not thread safe.
 */
final class ResponseHead
{
    private static final int CAPACITY = 1024;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[CAPACITY]);
    private final byte[] server;
    private int length;

    /**
     * A builder.
     *
     * @param nodeName shown in the Server field.
     */
    ResponseHead(final String nodeName)
    {
        server = ("Server: baton/" + nodeName + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Begin a head: status line, Server and Date.
     *
     * @param status       code.
     * @param epochSeconds time of day.
     * @return this.
     */
    ResponseHead begin(final int status, final long epochSeconds)
    {
        length = 0;
        text("HTTP/1.1 ").number(status).text(" ").text(reason(status)).text("\r\n");
        buffer.putBytes(length, server);
        length += server.length;
        return date("Date: ", epochSeconds);
    }

    /**
     * Add a field.
     *
     * @param name  with its colon and blank.
     * @param value of it.
     * @return this.
     */
    ResponseHead field(final String name, final String value)
    {
        return text(name).text(value).text("\r\n");
    }

    /**
     * Add a field with a number.
     *
     * @param name  with its colon and blank.
     * @param value not negative.
     * @return this.
     */
    ResponseHead field(final String name, final long value)
    {
        return text(name).number(value).text("\r\n");
    }

    /**
     * Add a field with a date.
     *
     * @param name         with its colon and blank.
     * @param epochSeconds time of day.
     * @return this.
     */
    ResponseHead date(final String name, final long epochSeconds)
    {
        text(name);
        length += HttpDate.write(buffer, length, epochSeconds);
        return text("\r\n");
    }

    /**
     * Add the fields that name a version of a file.
     *
     * @param validators of it.
     * @return this.
     */
    ResponseHead validators(final Validators validators)
    {
        date("Last-Modified: ", validators.modifiedSeconds());
        text("ETag: ");
        length += validators.putTag(buffer, length);
        return text("\r\nAccept-Ranges: bytes\r\n");
    }

    /**
     * Add the place of a part in a file (RFC 9110, section 14.4).
     *
     * @param first  byte.
     * @param last   byte.
     * @param length of the file in bytes.
     * @return this.
     */
    ResponseHead contentRange(final long first, final long last, final long length)
    {
        return text("Content-Range: bytes ").number(first).text("-").number(last).text("/").number(length).text("\r\n");
    }

    /**
     * End the head.
     *
     * @param text that follows it as content; may be empty.
     * @return this.
     */
    ResponseHead end(final String text)
    {
        return text("\r\n").text(text);
    }

    DirectBuffer buffer()
    {
        return buffer;
    }

    int length()
    {
        return length;
    }

    /**
     * Reason phrase of a status code.
     *
     * @param status that this server sends.
     * @return as in RFC 9110, section 15, and RFC 6585.
     */
    static String reason(final int status)
    {
        return switch (status)
        {
            case 200 -> "OK";
            case 206 -> "Partial Content";
            case 304 -> "Not Modified";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 416 -> "Range Not Satisfiable";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 505 -> "HTTP Version Not Supported";
            default -> "Error";
        };
    }

    private ResponseHead text(final String text)
    {
        length += buffer.putStringWithoutLengthAscii(length, text);
        return this;
    }

    private ResponseHead number(final long value)
    {
        length += buffer.putLongAscii(length, value);
        return this;
    }
}
