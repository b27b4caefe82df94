package dev.baton.tools.node;

import dev.baton.stack.CounterSpace;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node's counters in a file that other processes can map, so that a monitor reads them without asking the node:
 * <pre>
 *     offset 0    magic number, 8 bytes
 *            8    length of the labels in bytes, 4 bytes
 *           12    length of the values in bytes, 4 bytes
 *           64    labels, then values, both in Agrona's layout (CountersReader)
 * </pre>
 * All numbers are little-endian. The file goes with the node; its pages stay mapped until the process ends, so that nothing that still
 * counts can meet a hole.
 */
public final class CounterFile implements AutoCloseable
{
    private static final long MAGIC = 0x314E4F5441423AL;
    private static final int LABELS_AT = 8;
    private static final int VALUES_AT = 12;
    private static final int HEADER_BYTES = 64;
    private static final int BYTES = HEADER_BYTES + CounterSpace.META_DATA_BYTES + CounterSpace.VALUES_BYTES;

    private final Path path;
    private final CounterSpace space;

    private CounterFile(final Path path, final MappedByteBuffer mapped)
    {
        this.path = path;
        final UnsafeBuffer all = new UnsafeBuffer(mapped);
        space = new CounterSpace(
            new UnsafeBuffer(all, HEADER_BYTES, CounterSpace.META_DATA_BYTES),
            new UnsafeBuffer(all, HEADER_BYTES + CounterSpace.META_DATA_BYTES, CounterSpace.VALUES_BYTES));
        all.putInt(LABELS_AT, CounterSpace.META_DATA_BYTES);
        all.putInt(VALUES_AT, CounterSpace.VALUES_BYTES);
        all.putLongVolatile(0, MAGIC);
    }

    /**
     * Make the file; what a dead node left is replaced.
     *
     * @param path of it; its directory is there.
     * @return to be closed when the shard's thread has ended.
     * @throws CliError when it cannot be made.
     */
    static CounterFile create(final Path path)
    {
        try
        {
            Files.deleteIfExists(path);
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE))
            {
                return new CounterFile(path, channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES));
            }
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.REFUSED, "counters " + path, "cannot be made (" + ex + ")",
                "set node.run.dir to a directory that this user may write, on a file system with room", ex);
        }
    }

    /**
     * Read a node's counters as they stand.
     *
     * @param path of its file.
     * @return values by label; two layers that count the same thing, each its part, are added up.
     * @throws IOException when it cannot be read, or is no such file.
     */
    public static Map<String, Long> read(final Path path) throws IOException
    {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ))
        {
            final ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            final UnsafeBuffer all = new UnsafeBuffer(mapped);
            if (all.capacity() != BYTES || all.getLongVolatile(0) != MAGIC)
            {
                throw new IOException(path + " does not hold counters of a node of this version");
            }
            final Map<String, Long> values = new TreeMap<>();
            new CountersReader(
                new UnsafeBuffer(all, HEADER_BYTES, CounterSpace.META_DATA_BYTES),
                new UnsafeBuffer(all, HEADER_BYTES + CounterSpace.META_DATA_BYTES, CounterSpace.VALUES_BYTES))
                .forEach((value, id, label) -> values.merge(label, value, Long::sum));
            BufferUtil.free(mapped);
            return values;
        }
    }

    CounterSpace space()
    {
        return space;
    }

    @Override
    public void close() throws IOException
    {
        Files.deleteIfExists(path);
    }
}
