package dev.baton.tools.demo;

import java.util.Map;
import java.util.TreeMap;

/**
 * A verdict about one behaviour.
 *
 * @param id       of the behaviour, such as {@code P09}.
 * @param ok       does it hold, for everything that was looked at?
 * @param evidence a sentence with the numbers that it rests on, or what spoke against it.
 */
record Check(String id, boolean ok, String evidence)
{
    Map<String, Object> document()
    {
        final Map<String, Object> members = new TreeMap<>();
        members.put("id", id);
        members.put("ok", ok);
        members.put("evidence", evidence);
        return members;
    }
}
