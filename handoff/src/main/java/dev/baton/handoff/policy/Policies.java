package dev.baton.handoff.policy;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The built-in policies by name.
 * <table>
 * <caption>Names and settings</caption>
 * <tr><th>name</th><th>settings, for example</th><th>chooses by</th></tr>
 * <tr><td>{@code path}</td><td>{@code /video=back1,/img/=back2,*=stay}</td><td>longest prefix of the request's path</td></tr>
 * <tr><td>{@code host}</td><td>{@code www.example.org=back1,*.example.org=back2,*=stay}</td><td>host that is asked for</td></tr>
 * <tr><td>{@code round-robin}</td><td>{@code back1,back2}</td><td>turn</td></tr>
 * </table>
 * In {@code path} and {@code host} a rule is {@code pattern=target}; rules are separated by commas, blanks around
 * patterns and targets do not count, a target is a node's name, {@code stay} or {@code refuse}, and the pattern
 * {@code *} is for everything else (without it: {@code stay}). No two rules have the same pattern.
 */
public final class Policies
{
    private static final Map<String, Function<String, HandoffPolicy>> BUILT_IN = new TreeMap<>(Map.of(
        PathPolicy.NAME, PathPolicy::new,
        HostPolicy.NAME, HostPolicy::new,
        RoundRobinPolicy.NAME, RoundRobinPolicy::new));

    private Policies()
    {
    }

    /**
     * Make a policy.
     *
     * @param name     of it.
     * @param settings in its text form.
     * @return a policy of its own, to be used by one shard.
     * @throws IllegalArgumentException when there is no such policy or its settings are faulty: the message names the
     *                                  policy, the position (characters from 1), the cause and the mend.
     */
    public static HandoffPolicy byName(final String name, final String settings)
    {
        final Function<String, HandoffPolicy> maker = name == null ? null : BUILT_IN.get(name);
        if (maker == null)
        {
            throw new IllegalArgumentException(
                "policy " + name + ": there is none of that name; use one of " + BUILT_IN.keySet());
        }
        return maker.apply(settings == null ? "" : settings);
    }
}
