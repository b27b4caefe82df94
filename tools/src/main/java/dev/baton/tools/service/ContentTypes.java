package dev.baton.tools.service;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Media types by extension. Stateless. */
final class ContentTypes
{
    private static final String UNKNOWN = "application/octet-stream";
    private static final Map<String, String> BY_EXTENSION = new HashMap<>();

    static
    {
        put("text/html; charset=utf-8", "html", "htm");
        put("text/plain; charset=utf-8", "txt", "text", "log", "md", "conf", "properties");
        put("text/css; charset=utf-8", "css");
        put("text/csv; charset=utf-8", "csv");
        put("text/javascript; charset=utf-8", "js", "mjs");
        put("application/json", "json", "map");
        put("application/xml", "xml", "xsd", "xsl");
        put("application/pdf", "pdf");
        put("application/wasm", "wasm");
        put("application/gzip", "gz", "tgz");
        put("application/zip", "zip");
        put("application/x-tar", "tar");
        put("application/java-archive", "jar");
        put("image/png", "png");
        put("image/jpeg", "jpg", "jpeg");
        put("image/gif", "gif");
        put("image/svg+xml", "svg");
        put("image/webp", "webp");
        put("image/avif", "avif");
        put("image/vnd.microsoft.icon", "ico");
        put("font/woff2", "woff2");
        put("font/woff", "woff");
        put("audio/mpeg", "mp3");
        put("audio/ogg", "ogg");
        put("video/mp4", "mp4");
        put("video/webm", "webm");
    }

    private ContentTypes()
    {
    }

    /**
     * Type of a file.
     *
     * @param fileName its name.
     * @return a media type; {@code application/octet-stream} when the extension says nothing.
     */
    static String of(final String fileName)
    {
        final int dot = fileName.lastIndexOf('.');
        return BY_EXTENSION.getOrDefault(fileName.substring(dot + 1).toLowerCase(Locale.ROOT), UNKNOWN);
    }

    private static void put(final String type, final String... extensions)
    {
        for (final String extension : extensions)
        {
            BY_EXTENSION.put(extension, type);
        }
    }
}
