package dev.baton.tools.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The files that the nodes serve: the same sizes below every directory, so that the path alone says who is to serve.
 * Contents are noise from a fixed seed; a file of one size is the same file in all directories.
 */
final class Site
{
    /**
     * Sizes of the small files, in bytes: none, one, around one segment, around the 64 KB of a super-segment, many
     * segments.
     */
    static final List<Integer> SMALL = List.of(0, 1, 512, 1460, 10_240, 65_535, 65_536, 262_144, 1 << 20);
    /** A file that takes a while, in bytes. */
    static final int MIDDLE = 8 << 20;
    /** The greatest file, in bytes. */
    static final int GREAT = 64 << 20;

    private static final int PIECE_BYTES = 1 << 16;

    private final Map<String, String> digests = new TreeMap<>();

    /**
     * Write the files.
     *
     * @param root        an empty directory.
     * @param directories below it, which will hold a name for each file.
     * @throws IOException when that fails.
     */
    Site(final Path root, final List<String> directories) throws IOException
    {
        for (final String directory : directories)
        {
            Files.createDirectories(root.resolve(directory));
        }
        for (final int size : SMALL)
        {
            write(root, directories, size);
        }
        write(root, directories, MIDDLE);
        write(root, directories, GREAT);
    }

    private void write(final Path root, final List<String> directories, final int size) throws IOException
    {
        final Path first = root.resolve(directories.get(0)).resolve(name(size));
        final MessageDigest digest = sha256();
        final SplittableRandom random = new SplittableRandom(size);
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(first), digest))
        {
            final byte[] piece = new byte[Math.min(PIECE_BYTES, size)];
            for (int left = size; left > 0; left -= piece.length)
            {
                random.nextBytes(piece);
                out.write(piece, 0, Math.min(left, piece.length));
            }
        }
        digests.put(name(size), HexFormat.of().formatHex(digest.digest()));
        for (final String other : directories.subList(1, directories.size()))
        {
            Files.createLink(root.resolve(other).resolve(name(size)), first);
        }
    }

    /** Name of the file of a size. */
    static String name(final int size)
    {
        return size + ".bin";
    }

    /** SHA-256 of the file that a path names, in hexadecimal. */
    String sha256Of(final String path)
    {
        return digests.get(path.substring(path.lastIndexOf('/') + 1));
    }

    /** SHA-256 of any file, in hexadecimal. */
    static String sha256(final Path file) throws IOException
    {
        final MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file))
        {
            final byte[] piece = new byte[PIECE_BYTES];
            for (int n = in.read(piece); n >= 0; n = in.read(piece))
            {
                digest.update(piece, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256()
    {
        try
        {
            return MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every Java has SHA-256", ex);
        }
    }
}
