package dev.baton.stack.intercept;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles sources in memory and packs the classes into a jar. */
final class JarBuilder
{
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    /** Source of a module that counts its polls; {@code body} goes into its constructor, {@code members} beside it. */
    static String moduleSource(final String className, final String moduleName, final String constructorBody)
    {
        return "package fixture;\n" +
            "public class " + className + " implements dev.baton.stack.intercept.InterceptorModule {\n" +
            "  public " + className + "() { " + constructorBody + " }\n" +
            "  public String name() { return \"" + moduleName + "\"; }\n" +
            "  public void open(dev.baton.stack.intercept.ModuleContext context) { }\n" +
            "  public dev.baton.stack.intercept.BtcpInterceptor btcp() { return null; }\n" +
            "  public dev.baton.stack.intercept.UtcpInterceptor utcp() { return null; }\n" +
            "  public int poll(long nowNs) { return 0; }\n" +
            "  public long nextDeadlineNs() { return Long.MAX_VALUE; }\n" +
            "  public int liveEntries() { return 0; }\n" +
            "  public int exportState(org.agrona.MutableDirectBuffer b, int o, long nowNs) { return 0; }\n" +
            "  public void importState(org.agrona.DirectBuffer b, int o, int l, long nowNs) { }\n" +
            "  public String census(long nowNs) { return Helper.text(getClass()); }\n" +
            "  public void close() { }\n" +
            "}\n" +
            "class Helper {\n" +
            "  static String text(Class<?> module) {\n" +
            "    try (java.io.InputStream in = module.getResourceAsStream(\"/greeting.txt\")) {\n" +
            "      return in == null ? \"{}\" : new String(in.readAllBytes());\n" +
            "    } catch (java.io.IOException ex) { throw new java.io.UncheckedIOException(ex); }\n" +
            "  }\n" +
            "}\n";
    }

    JarBuilder compile(final String className, final String source)
    {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final Map<String, ByteArrayOutputStream> classes = new LinkedHashMap<>();
        final StringWriter messages = new StringWriter();
        try (JavaFileManager files = new InMemoryClasses(compiler.getStandardFileManager(null, null, null), classes))
        {
            final boolean compiled = compiler.getTask(
                messages,
                files,
                null,
                List.of("-proc:none", "-classpath", System.getProperty("java.class.path")),
                null,
                List.of(new Source(className, source))).call();
            if (!compiled)
            {
                throw new IllegalArgumentException(messages.toString());
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        classes.forEach((name, bytes) -> entries.put(name.replace('.', '/') + ".class", bytes.toByteArray()));
        return this;
    }

    JarBuilder entry(final String name, final String content)
    {
        entries.put(name, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    JarBuilder provider(final String... classNames)
    {
        return entry(ModuleLoader.PROVIDER_FILE, String.join("\n", classNames) + "\n");
    }

    List<String> names()
    {
        return new ArrayList<>(entries.keySet());
    }

    JarBuilder without(final String name)
    {
        entries.remove(name);
        return this;
    }

    Path write(final Path jar)
    {
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream zip = new JarOutputStream(out))
        {
            for (final Map.Entry<String, byte[]> entry : entries.entrySet())
            {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return jar;
    }

    private static final class Source extends SimpleJavaFileObject
    {
        private final String text;

        Source(final String className, final String text)
        {
            super(URI.create("mem:///" + className.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(final boolean ignoreEncodingErrors)
        {
            return text;
        }
    }

    private static final class InMemoryClasses extends ForwardingJavaFileManager<JavaFileManager>
    {
        private final Map<String, ByteArrayOutputStream> classes;

        InMemoryClasses(final JavaFileManager files, final Map<String, ByteArrayOutputStream> classes)
        {
            super(files);
            this.classes = classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
            final Location location, final String className, final JavaFileObject.Kind kind, final FileObject sibling)
        {
            return new SimpleJavaFileObject(URI.create("mem:///" + className.replace('.', '/') + kind.extension), kind)
            {
                @Override
                public OutputStream openOutputStream()
                {
                    return classes.computeIfAbsent(className, (name) -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
