package dev.baton.tools.demo;

import java.util.List;
import java.util.Map;

/**
 * Members of parsed JSON objects, with an error that names what is missing.
 */
final class JsonFields
{
    private JsonFields()
    {
    }

    static String text(final Map<?, ?> object, final String name)
    {
        return member(object, name, String.class);
    }

    static long number(final Map<?, ?> object, final String name)
    {
        return member(object, name, Number.class).longValue();
    }

    static List<?> list(final Map<?, ?> object, final String name)
    {
        return member(object, name, List.class);
    }

    static Map<?, ?> object(final Map<?, ?> object, final String name)
    {
        return member(object, name, Map.class);
    }

    static Map<?, ?> object(final Object value)
    {
        return as(value, Map.class, "an element");
    }

    private static <T> T member(final Map<?, ?> object, final String name, final Class<T> type)
    {
        return as(object.get(name), type, "'" + name + "'");
    }

    private static <T> T as(final Object value, final Class<T> type, final String what)
    {
        if (!type.isInstance(value))
        {
            throw new IllegalArgumentException(
                what + " is " + (value == null ? "missing" : "'" + value + "'") + ", not " + type.getSimpleName());
        }
        return type.cast(value);
    }
}
