package dev.baton.tools.node;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Handlers for signals. {@code sun.misc.Signal} is the only way to see a signal without the virtual machine beginning
 * to exit, and its module is exported for such use; it is called by reflection because the compiler warns of it in a
 * way that cannot be switched off.
 */
public final class Signals
{
    private Signals()
    {
    }

    /**
     * Handle signals, in place of what the virtual machine does.
     *
     * @param names   without SIG.
     * @param handler called on a thread of its own for each.
     * @throws CliError when this Java runtime cannot.
     */
    public static void handle(final List<String> names, final Runnable handler)
    {
        try
        {
            final Class<?> signal = Class.forName("sun.misc.Signal");
            final Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            final InvocationHandler invocation = (proxy, method, args) ->
            {
                if ("handle".equals(method.getName()))
                {
                    handler.run();
                    return null;
                }
                return method.invoke(handler, args);
            };
            final Object proxy =
                Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[]{handlerType}, invocation);
            for (final String name : names)
            {
                signal.getMethod("handle", signal, handlerType)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new CliError(ExitCodes.INTERNAL, "signals " + names, "this Java runtime does not let them be handled (" + ex +
                ")", "run Baton with a Java runtime that has the module jdk.unsupported", ex);
        }
    }
}
