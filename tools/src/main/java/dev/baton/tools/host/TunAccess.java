package dev.baton.tools.host;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Can this process open {@code /dev/net/tun}?
 */
public final class TunAccess
{
    /** The control device. */
    public static final Path DEVICE = Path.of("/dev/net/tun");

    private TunAccess()
    {
    }

    /**
     * What is in the way, if anything. Opening the device without attaching it to an interface changes nothing.
     *
     * @return empty when it can be opened for reading and writing.
     */
    public static Optional<Finding> problem()
    {
        return problem(DEVICE);
    }

    static Optional<Finding> problem(final Path device)
    {
        if (!Files.exists(device))
        {
            return Optional.of(new Finding(device.toString(), "does not exist",
                "sudo sh -c 'modprobe tun; mkdir -p /dev/net; [ -c /dev/net/tun ] || mknod /dev/net/tun c 10 200; " +
                "chmod 0666 /dev/net/tun'"));
        }
        if (!Files.isReadable(device) || !Files.isWritable(device))
        {
            return Optional.of(new Finding(device.toString(),
                "mode " + mode(device) + ", not open to uid " + Rights.current().uid(), "sudo chmod 0666 " + device));
        }
        try (RandomAccessFile opened = new RandomAccessFile(device.toFile(), "rw"))
        {
            return opened.getFD().valid() ? Optional.empty() : Optional.of(cannotOpen(device, "invalid descriptor"));
        }
        catch (final IOException ex)
        {
            return Optional.of(cannotOpen(device, ex.getMessage()));
        }
    }

    /**
     * Permission bits of the device.
     *
     * @param device that exists.
     * @return such as {@code rw-rw-rw-}, or {@code ?} when they cannot be read.
     */
    public static String mode(final Path device)
    {
        try
        {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(device));
        }
        catch (final IOException ex)
        {
            return "?";
        }
    }

    private static Finding cannotOpen(final Path device, final String cause)
    {
        return new Finding(device.toString(), "cannot be opened: " + cause,
            "sudo modprobe tun; in a container, start it with --device /dev/net/tun");
    }
}
