package dev.baton.tools.cli;

import picocli.CommandLine.IVersionProvider;

/**
 * What {@code --version} prints: the version of the jar, and of the Java that runs it.
 */
public final class Version implements IVersionProvider
{
    @Override
    public String[] getVersion()
    {
        return new String[]{"baton " + number() + " (Java " + Runtime.version() + ")"};
    }

    /**
     * The version of this build.
     *
     * @return from the jar's manifest; {@code unpackaged} when run from class files.
     */
    public static String number()
    {
        final String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
