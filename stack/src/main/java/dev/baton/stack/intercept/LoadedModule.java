package dev.baton.stack.intercept;

import java.nio.file.Path;

/**
 * A module and the jar it came from. Whoever unloads the module takes it out of the chain, closes this, and forgets
 * both: the module's class loader is collectable then.
 * <p>
 * Immutable except for {@link #close()}, which any thread may call once the module is out of its chain.
 */
public final class LoadedModule implements AutoCloseable
{
    private final InterceptorModule module;
    private final Path jar;
    private final ModuleClassLoader loader;
    private final String sha256;
    private final long loadedAtMs;

    LoadedModule(
        final InterceptorModule module,
        final Path jar,
        final ModuleClassLoader loader,
        final String sha256,
        final long loadedAtMs)
    {
        this.module = module;
        this.jar = jar;
        this.loader = loader;
        this.sha256 = sha256;
        this.loadedAtMs = loadedAtMs;
    }

    /**
     * The module, not opened yet.
     *
     * @return the one provider of the jar.
     */
    public InterceptorModule module()
    {
        return module;
    }

    /**
     * Where the jar was when it was read.
     *
     * @return as given to {@link ModuleLoader#load(Path, long)}.
     */
    public Path jar()
    {
        return jar;
    }

    /**
     * The class loader of the jar's own classes.
     *
     * @return one that nothing else uses.
     */
    public ClassLoader loader()
    {
        return loader;
    }

    /**
     * Digest of the jar as it was read.
     *
     * @return SHA-256 in 64 lower case hexadecimal digits.
     */
    public String sha256()
    {
        return sha256;
    }

    /**
     * When the jar was read.
     *
     * @return as given to {@link ModuleLoader#load(Path, long)}: milliseconds since the epoch.
     */
    public long loadedAtMs()
    {
        return loadedAtMs;
    }

    /** Drop the jar's bytes: classes that have not been loaded by now will not be found any more. */
    @Override
    public void close()
    {
        loader.close();
    }
}
