package dev.baton.stack.intercept;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ModuleLoaderTest
{
    private static final String CLASS = "fixture.Counting";

    @TempDir
    Path dir;

    private final ModuleLoader loader = new ModuleLoader();

    @Test
    void shouldLoadTheOneProviderInALoaderOfItsOwn() throws Exception
    {
        final Path jar = goodJar().write(dir.resolve("good.jar"));
        final byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));

        final LoadedModule loaded = loader.load(jar, 1234);

        assertEquals("counting", loaded.module().name());
        assertSame(loaded.loader(), loaded.module().getClass().getClassLoader());
        assertEquals(jar, loaded.jar());
        assertEquals(1234, loaded.loadedAtMs());
        assertEquals(HexFormat.of().formatHex(digest), loaded.sha256());
    }

    @Test
    void shouldLoadTheSameJarTwiceSideBySide() throws Exception
    {
        final Path jar = goodJar().write(dir.resolve("good.jar"));

        assertNotSame(loader.load(jar, 1).module().getClass(), loader.load(jar, 2).module().getClass());
    }

    @Test
    void shouldNotNeedTheFileAfterLoading() throws Exception
    {
        final Path jar = goodJar().entry("greeting.txt", "hello").write(dir.resolve("good.jar"));
        final LoadedModule loaded = loader.load(jar, 1);

        Files.writeString(jar, "something else");

        assertEquals("hello", loaded.module().census(0), "helper class and resource come from the bytes read");
    }

    @Test
    void shouldPreferTheJarsOwnClassesToTheParents() throws Exception
    {
        final Path parentJar = goodJar().entry("greeting.txt", "parent").write(dir.resolve("parent.jar"));
        final Path childJar = goodJar().entry("greeting.txt", "child").write(dir.resolve("child.jar"));
        final ClassLoader parent = loader.load(parentJar, 1).loader();

        assertEquals("child", new ModuleLoader(parent).load(childJar, 2).module().census(0));
    }

    @Test
    void shouldTakeTheInterceptionApiFromTheParentEvenWhenTheJarCarriesACopy() throws Exception
    {
        final Path jar = goodJar()
            .entry("dev/baton/stack/intercept/InterceptorModule.class", "not even a class")
            .write(dir.resolve("fat.jar"));

        assertEquals("counting", loader.load(jar, 1).module().name());
    }

    @Test
    void shouldNotFindProvidersOfTheParent() throws Exception
    {
        final Path parentJar = goodJar().write(dir.resolve("parent.jar"));
        final ClassLoader parent = loader.load(parentJar, 1).loader();
        final Path empty = new JarBuilder().entry("readme.txt", "nothing here").write(dir.resolve("empty.jar"));

        assertRefused(new ModuleLoader(parent), empty, "has no META-INF/services/");
    }

    @Test
    void shouldRefuseAMissingFile()
    {
        assertRefused(dir.resolve("absent.jar"), "absent.jar: no such file");
    }

    @Test
    void shouldRefuseADirectory()
    {
        assertRefused(dir, "cannot be read");
    }

    @Test
    void shouldRefuseWhatIsNotAJar() throws IOException
    {
        final Path text = Files.writeString(dir.resolve("text.jar"), "this is a text, and no jar at all");

        assertRefused(text, "not a jar file");
    }

    @Test
    void shouldRefuseATruncatedJar() throws IOException
    {
        final Path jar = goodJar().write(dir.resolve("good.jar"));
        final byte[] bytes = Files.readAllBytes(jar);
        Files.write(jar, java.util.Arrays.copyOf(bytes, 300));

        assertRefused(jar, "not a jar file, or a damaged one");
    }

    @Test
    void shouldRefuseAJarWithoutAProviderFile()
    {
        final Path jar = goodJar().without(ModuleLoader.PROVIDER_FILE).write(dir.resolve("bare.jar"));

        assertRefused(jar, "has no META-INF/services/dev.baton.stack.intercept.InterceptorModule");
    }

    @Test
    void shouldRefuseTwoProvidersAndNone()
    {
        final Path two = goodJar().provider(CLASS, "fixture.Other").write(dir.resolve("two.jar"));
        final Path none = goodJar().entry(ModuleLoader.PROVIDER_FILE, "# nothing\n\n").write(dir.resolve("none.jar"));

        assertRefused(two, "names 2 classes");
        assertRefused(none, "names 0 classes");
    }

    @Test
    void shouldRefuseAProviderClassThatIsNotInTheJar()
    {
        final Path jar = goodJar().provider("fixture.Absent").write(dir.resolve("absent-class.jar"));

        assertRefused(jar, "provider class fixture.Absent is not in the jar");
    }

    @Test
    void shouldRefuseAProviderOfAnotherType()
    {
        final Path jar = new JarBuilder()
            .compile("fixture.Plain", "package fixture; public class Plain { }")
            .provider("fixture.Plain")
            .write(dir.resolve("plain.jar"));

        assertRefused(jar, "fixture.Plain is not an dev.baton.stack.intercept.InterceptorModule");
    }

    @Test
    void shouldRefuseAProviderWhoseConstructorThrows()
    {
        final Path jar = jarOf("counting", "if (true) throw new IllegalStateException(\"no luck\");");

        assertRefused(jar, "could not be made (java.lang.IllegalStateException: no luck)");
    }

    @Test
    void shouldRefuseAProviderThatMissesAClassItNeeds()
    {
        final Path jar = jarOf("counting", "Helper.text(null);", "fixture/Helper.class");

        assertRefused(jar, "NoClassDefFoundError: fixture/Helper");
    }

    @Test
    void shouldRefuseDamagedClassBytes()
    {
        final Path jar = goodJar().entry("fixture/Counting.class", "no class file").write(dir.resolve("damaged.jar"));

        assertRefused(jar, "ClassFormatError");
    }

    @Test
    void shouldRefuseANameThatIsNone()
    {
        assertRefused(jarOf("Not A Name", ""), "calls itself 'Not A Name'");
    }

    @Test
    void shouldLetTheClassLoaderBeCollectedAfterUnloading() throws Exception
    {
        final WeakReference<ClassLoader> gone = loadUseAndUnload();

        for (int i = 0; i < 50 && gone.get() != null; i++)
        {
            System.gc();
        }
        assertNull(gone.get(), "something still holds the module's class loader");
    }

    private WeakReference<ClassLoader> loadUseAndUnload() throws ModuleLoadException
    {
        final Path jar = goodJar().entry("greeting.txt", "hello").write(dir.resolve("good.jar"));
        try (LoadedModule loaded = loader.load(jar, 1))
        {
            assertEquals("hello", loaded.module().census(0));
            loaded.module().close();
            return new WeakReference<>(loaded.loader());
        }
    }

    private JarBuilder goodJar()
    {
        return new JarBuilder().compile(CLASS, JarBuilder.moduleSource("Counting", "counting", "")).provider(CLASS);
    }

    private Path jarOf(final String name, final String constructorBody, final String... leftOut)
    {
        final JarBuilder builder = new JarBuilder()
            .compile(CLASS, JarBuilder.moduleSource("Counting", name, constructorBody))
            .provider(CLASS);
        for (final String entry : leftOut)
        {
            builder.without(entry);
        }
        return builder.write(dir.resolve("fixture.jar"));
    }

    private void assertRefused(final Path jar, final String text)
    {
        assertRefused(loader, jar, text);
    }

    private static void assertRefused(final ModuleLoader loader, final Path jar, final String text)
    {
        final ModuleLoadException ex = assertThrows(ModuleLoadException.class, () -> loader.load(jar, 1));

        assertTrue(ex.getMessage().contains(text), ex.getMessage());
        assertTrue(ex.getMessage().contains(jar.toString()), ex.getMessage());
        assertEquals(1, ex.getMessage().lines().count(), ex.getMessage());
    }
}
