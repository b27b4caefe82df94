package dev.baton.stack.intercept;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Makes modules out of jars. A jar names exactly one {@link InterceptorModule} in its provider file, and gets a class
 * loader of its own, so that two versions of a module can be alive side by side while one replaces the other.
 * <p>
 * Reads files, so it is called outside the shard's packet path; any thread may call it.
 */
public final class ModuleLoader
{
    /** The provider file that a module jar must have. */
    public static final String PROVIDER_FILE = "META-INF/services/" + InterceptorModule.class.getName();

    private final ClassLoader parent;

    /** A loader of modules that see what the interception API sees. */
    public ModuleLoader()
    {
        this(InterceptorModule.class.getClassLoader());
    }

    /**
     * A loader of modules.
     *
     * @param parent where modules find what their jars do not contain; it must have the interception API.
     */
    public ModuleLoader(final ClassLoader parent)
    {
        this.parent = parent;
    }

    /**
     * Read a jar and make the module that it provides.
     *
     * @param jar        to read, once.
     * @param loadedAtMs time of day, in milliseconds since the epoch, to be shown to the operator.
     * @return the module, not opened yet.
     * @throws ModuleLoadException when the jar is missing, damaged, or does not provide exactly one usable module.
     */
    public LoadedModule load(final Path jar, final long loadedAtMs) throws ModuleLoadException
    {
        final ModuleJar content = ModuleJar.read(jar);
        final String className = providerName(jar, content);
        final ModuleClassLoader loader = new ModuleClassLoader("module:" + jar.getFileName(), content, parent);
        try
        {
            checkType(jar, className, loader);
            final InterceptorModule module = ServiceLoader.load(InterceptorModule.class, loader).iterator().next();
            checkName(jar, module.name());
            return new LoadedModule(module, jar, loader, content.sha256(), loadedAtMs);
        }
        catch (final ServiceConfigurationError | LinkageError | RuntimeException ex)
        {
            final Throwable cause = ex instanceof ServiceConfigurationError && ex.getCause() != null ? ex.getCause() : ex;
            throw new ModuleLoadException(jar, "provider " + className + " could not be made (" + cause + ")",
                "it needs a public constructor without arguments that does not fail", ex);
        }
    }

    private static String providerName(final Path jar, final ModuleJar content) throws ModuleLoadException
    {
        final byte[] file = content.entry(PROVIDER_FILE);
        if (file == null)
        {
            throw new ModuleLoadException(
                jar, "has no " + PROVIDER_FILE, "add one that names the module's class", null);
        }
        final List<String> names = new String(file, StandardCharsets.UTF_8)
            .lines()
            .map((line) -> line.replaceFirst("#.*", "").strip())
            .filter((line) -> !line.isEmpty())
            .distinct()
            .toList();
        if (names.size() != 1)
        {
            throw new ModuleLoadException(jar, PROVIDER_FILE + " names " + names.size() + " classes",
                "a module jar provides exactly one module", null);
        }
        if (content.entry(ModuleClassLoader.entryName(names.get(0))) == null)
        {
            throw absent(jar, names.get(0), null);
        }
        return names.get(0);
    }

    private static void checkType(final Path jar, final String className, final ClassLoader loader)
        throws ModuleLoadException
    {
        try
        {
            if (!InterceptorModule.class.isAssignableFrom(loader.loadClass(className)))
            {
                throw new ModuleLoadException(
                    jar, "provider class " + className + " is not an " + InterceptorModule.class.getName(),
                    "let it implement that interface", null);
            }
        }
        catch (final ClassNotFoundException ex)
        {
            throw absent(jar, className, ex);
        }
    }

    private static void checkName(final Path jar, final String name) throws ModuleLoadException
    {
        if (name == null || !name.matches("[a-z0-9][a-z0-9-]{0,62}"))
        {
            throw new ModuleLoadException(jar, "the module calls itself '" + name + "'",
                "a name is up to 63 lower case letters, digits and dashes", null);
        }
    }

    private static ModuleLoadException absent(final Path jar, final String className, final Throwable cause)
    {
        return new ModuleLoadException(
            jar, "provider class " + className + " is not in the jar", "correct " + PROVIDER_FILE + ", or add the class", cause);
    }
}
