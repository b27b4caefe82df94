package dev.baton.tools.node;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Json;

import java.util.Map;
import java.util.TreeMap;

/**
 * The documents on the admin socket. A request is one line, {@code {"command":"conn.ls",...}}. The answer is one line
 * too: the command's members with {@code "ok":true}, or {@code
 * {"ok":false,"error":{"exit_code","thing","cause","mend"}}}.
 */
final class AdminDocuments
{
    /** Member of a request that names the command. */
    static final String COMMAND = "command";

    private static final String OK = "ok";
    private static final String ERROR = "error";
    private static final String EXIT_CODE = "exit_code";
    private static final String THING = "thing";
    private static final String CAUSE = "cause";
    private static final String MEND = "mend";

    private AdminDocuments()
    {
    }

    static String answer(final Map<String, Object> members)
    {
        final Map<String, Object> document = new TreeMap<>(members);
        document.put(OK, true);
        return Json.write(document) + "\n";
    }

    static String failure(final Throwable thrown)
    {
        final CliError error = thrown instanceof CliError known ? known :
            new CliError(ExitCodes.INTERNAL, "node", "internal error: " + thrown, "look into the node's log", thrown);
        final Map<String, Object> description = new TreeMap<>();
        description.put(EXIT_CODE, error.exitCode());
        description.put(THING, error.thing());
        description.put(CAUSE, error.reason());
        description.put(MEND, error.mend());
        final Map<String, Object> document = new TreeMap<>();
        document.put(OK, false);
        document.put(ERROR, description);
        return Json.write(document) + "\n";
    }

    /**
     * Read an answer.
     *
     * @param text of it.
     * @return its members without {@code ok}.
     * @throws CliError                 that the node reported.
     * @throws IllegalArgumentException when the text is no answer.
     */
    static Map<String, Object> read(final String text)
    {
        final Map<String, Object> document = Json.parseObject(text);
        if (Boolean.FALSE.equals(document.get(OK)) && document.get(ERROR) instanceof Map<?, ?> error)
        {
            throw new CliError(
                error.get(EXIT_CODE) instanceof Long code ? code.intValue() : ExitCodes.INTERNAL,
                String.valueOf(error.get(THING)),
                String.valueOf(error.get(CAUSE)),
                String.valueOf(error.get(MEND)));
        }
        if (!Boolean.TRUE.equals(document.remove(OK)))
        {
            throw new IllegalArgumentException("the answer says neither success nor failure");
        }
        return document;
    }

    static CliError badRequest(final String cause, final String mend)
    {
        return new CliError(ExitCodes.USAGE, "admin request", cause, mend);
    }
}
