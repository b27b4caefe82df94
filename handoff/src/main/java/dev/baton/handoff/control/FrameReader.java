package dev.baton.handoff.control;

import dev.baton.handoff.codec.MessageHeaderDecoder;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;

/**
 * Takes frames from a stream. A frame is a length, 4 bytes, big endian, and that many bytes: one message with its
 * header. The length is checked before anything else is read, so that a wrong one costs nothing.
 * <p>
 * One thread.
 */
final class FrameReader
{
    /** Bytes of the length word. */
    static final int LENGTH_BYTES = 4;
    /** Shortest frame: a message header. */
    static final int MIN_FRAME_BYTES = MessageHeaderDecoder.ENCODED_LENGTH;

    private final InputStream in;
    private final byte[] bytes = new byte[ControlPlane.MAX_FRAME_BYTES];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

    FrameReader(final InputStream in)
    {
        this.in = new BufferedInputStream(in, ControlPlane.MAX_FRAME_BYTES);
    }

    /**
     * Take the next frame; it is in {@link #buffer()} until the next call.
     *
     * @return its length in bytes, or -1 when the stream has ended between two frames.
     * @throws ControlProtocolException when the length is impossible.
     * @throws EOFException             when the stream ends inside a frame.
     * @throws IOException              when the stream fails.
     */
    int next() throws IOException
    {
        final int got = fill(LENGTH_BYTES);
        if (got == 0)
        {
            return -1;
        }
        if (got < LENGTH_BYTES)
        {
            throw new EOFException("frame cut off: " + got + " of " + LENGTH_BYTES + " bytes of its length came");
        }
        final long length = buffer.getInt(0, ByteOrder.BIG_ENDIAN) & 0xFFFF_FFFFL;
        if (length < MIN_FRAME_BYTES || length > ControlPlane.MAX_FRAME_BYTES)
        {
            throw new ControlProtocolException("frame length " + length + " is not in " +
                MIN_FRAME_BYTES + " to " + ControlPlane.MAX_FRAME_BYTES + " bytes");
        }
        final int body = fill((int)length);
        if (body < length)
        {
            throw new EOFException("frame cut off: " + body + " of " + length + " bytes came");
        }
        return body;
    }

    /**
     * Where frames are.
     *
     * @return the buffer; a frame begins at 0.
     */
    UnsafeBuffer buffer()
    {
        return buffer;
    }

    private int fill(final int count) throws IOException
    {
        return in.readNBytes(bytes, 0, count);
    }
}
