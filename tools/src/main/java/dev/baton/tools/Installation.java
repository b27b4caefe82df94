package dev.baton.tools;

import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * Where this program is installed. The launcher says it; without it, the place of the program's own classes does.
 */
public final class Installation
{
    private Installation()
    {
    }

    /**
     * The directory that holds {@code baton.jar} and {@code modules}.
     *
     * @return {@code tools/target} of the checkout.
     * @throws IllegalStateException when the classes were not loaded from a file or directory.
     */
    public static Path directory()
    {
        try
        {
            return Path.of(Installation.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getParent();
        }
        catch (final URISyntaxException ex)
        {
            throw new IllegalStateException("the place of Baton's classes is not a path", ex);
        }
    }

    /**
     * The early-handoff module.
     *
     * @return its jar; built by {@code mvn package}, so it may be missing.
     */
    public static Path earlyModule()
    {
        return directory().resolve("modules").resolve("early-handoff.jar");
    }
}
