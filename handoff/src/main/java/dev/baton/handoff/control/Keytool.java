package dev.baton.handoff.control;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the JDK's {@code keytool}: the JDK has no other published way to make a certificate. Each run is a JVM of its
 * own and takes about half a second, so one run does as much as one run can: key pair and signed certificate together.
 * The password goes by file, since a command line can be read by every user of the machine.
 */
final class Keytool
{
    private static final long TIMEOUT_MS = 60_000;
    private static final int MAX_OUTPUT_BYTES = 4096;

    private final Path command;
    private final Path passwordFile;

    /**
     * @param command      the executable.
     * @param passwordFile password of all key stores.
     */
    Keytool(final Path command, final Path passwordFile)
    {
        this.command = command;
        this.passwordFile = passwordFile;
    }

    /**
     * Look for the executable: beside the running JVM, then on the path.
     *
     * @return it.
     * @throws IOException when there is none.
     */
    static Path find() throws IOException
    {
        final Path own = Path.of(System.getProperty("java.home"), "bin", "keytool");
        if (Files.isExecutable(own))
        {
            return own;
        }
        final String path = System.getenv("PATH");
        for (final String directory : path == null ? new String[0] : path.split(File.pathSeparator))
        {
            final Path candidate = Path.of(directory, "keytool");
            if (Files.isExecutable(candidate))
            {
                return candidate;
            }
        }
        throw new IOException("keytool: not found beside the running JVM (" + own + ") nor on PATH; install a JDK");
    }

    /**
     * Make a key pair and its certificate in a key store, which is made when it is missing.
     *
     * @param keyStore PKCS #12 file.
     * @param alias    of the new entry.
     * @param options  what distinguishes this certificate.
     * @throws IOException when keytool fails; the message holds what it said.
     */
    void generate(final Path keyStore, final String alias, final List<String> options) throws IOException
    {
        final List<String> arguments = new ArrayList<>(List.of(
            command.toString(), "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-Duser.language=en",
            "-genkeypair", "-noprompt", "-alias", alias, "-keyalg", "EC", "-groupname", "secp256r1",
            "-sigalg", "SHA256withECDSA", "-dname", "CN=" + alias + ",O=Baton",
            "-storetype", "PKCS12", "-keystore", keyStore.toString(), "-storepass:file", passwordFile.toString()));
        arguments.addAll(options);
        run(arguments, alias);
    }

    private void run(final List<String> arguments, final String alias) throws IOException
    {
        final Path output = Files.createTempFile(passwordFile.toAbsolutePath().getParent(), ".keytool-", ".out");
        try
        {
            final Process process = new ProcessBuilder(arguments)
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
            process.getOutputStream().close();
            if (!process.waitFor(TIMEOUT_MS, TimeUnit.MILLISECONDS))
            {
                process.destroyForcibly();
                throw failed(alias, "has not ended within " + TIMEOUT_MS + " ms", null);
            }
            if (process.exitValue() != 0)
            {
                throw failed(alias, "exit code " + process.exitValue() + ": " + text(output), null);
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw failed(alias, "the wait for it was interrupted", ex);
        }
        finally
        {
            Files.deleteIfExists(output);
        }
    }

    private IOException failed(final String alias, final String cause, final Exception ex)
    {
        return new IOException("keytool: the certificate of " + alias + " was not made by " + command + ": " + cause +
            "; see that it is the keytool of JDK 17 or later", ex);
    }

    private static String text(final Path output) throws IOException
    {
        try (InputStream in = Files.newInputStream(output))
        {
            return new String(in.readNBytes(MAX_OUTPUT_BYTES), StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
        }
    }
}
