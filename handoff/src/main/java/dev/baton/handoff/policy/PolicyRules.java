package dev.baton.handoff.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The text form of a policy's settings, read once.
 * <pre>
 *   settings = rule *( "," rule )
 *   rule     = pattern "=" target
 *   target   = node name / "stay" / "refuse"
 * </pre>
 * Blanks around patterns and targets do not count. The pattern {@code *} says what happens to everything else; without
 * it that is "stay". What a pattern may be is the policy's business. A pattern may hold an equals sign: the last one of
 * a rule divides it. Nodes are numbered in the order in which they are named first.
 */
final class PolicyRules
{
    /** Most rules of a policy. */
    static final int MAX_RULES = 1024;
    /** Greatest length of a pattern in characters. */
    static final int MAX_PATTERN_LENGTH = 1024;

    private static final String STAY = "stay";
    private static final String REFUSE = "refuse";
    private static final int MAX_NODE_LENGTH = 63;

    private final String policy;
    private final Map<String, Integer> nodeNumbers = new HashMap<>();
    private final List<String> nodes = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, Integer> patterns = new HashMap<>();
    private int otherwise = HandoffPolicy.STAY;

    /**
     * One rule.
     *
     * @param pattern what it is for.
     * @param verdict what happens.
     */
    record Rule(String pattern, int verdict)
    {
    }

    /** What a policy demands of its patterns. */
    interface PatternCheck
    {
        /**
         * Look at a pattern.
         *
         * @param pattern to look at; never empty nor {@code *}.
         * @return what is wrong and the mend, or null.
         */
        String fault(String pattern);
    }

    private PolicyRules(final String policy)
    {
        this.policy = policy;
    }

    /**
     * Read rules.
     *
     * @param policy name of the policy, for errors.
     * @param text   settings.
     * @param check  what patterns must be.
     * @return the rules.
     * @throws IllegalArgumentException on the first fault: the message names policy, position (from 1), cause and mend.
     */
    static PolicyRules parse(final String policy, final String text, final PatternCheck check)
    {
        final PolicyRules rules = new PolicyRules(policy);
        rules.each(text, (from, to) -> rules.rule(text, from, to, check));
        return rules;
    }

    /**
     * Read a list of node names, without patterns.
     *
     * @param policy name of the policy, for errors.
     * @param text   settings: {@code node *( "," node )}.
     * @return rules that have nodes only.
     * @throws IllegalArgumentException on the first fault.
     */
    static PolicyRules parseNodes(final String policy, final String text)
    {
        final PolicyRules rules = new PolicyRules(policy);
        rules.each(text, (from, to) -> rules.nodeOnce(text, from, to));
        return rules;
    }

    private void each(final String text, final Element element)
    {
        if (text == null || text.isBlank())
        {
            throw new IllegalArgumentException("policy " + policy + ": settings are empty; write at least one entry");
        }
        int from = 0;
        int count = 0;
        while (from <= text.length())
        {
            final int comma = text.indexOf(',', from);
            final int to = comma < 0 ? text.length() : comma;
            if (++count > MAX_RULES)
            {
                throw bad(from, "more than " + MAX_RULES + " entries", "write fewer");
            }
            element.at(from, to);
            from = to + 1;
        }
    }

    private void rule(final String text, final int from, final int to, final PatternCheck check)
    {
        final int equals = text.lastIndexOf('=', to - 1);
        if (equals < from)
        {
            throw bad(from, "'" + text.substring(from, to).strip() + "' has no '='", "write pattern=node");
        }
        final String pattern = text.substring(from, equals).strip();
        final int verdict = verdict(text.substring(equals + 1, to).strip(), equals + 1);
        if (pattern.isEmpty() || pattern.length() > MAX_PATTERN_LENGTH)
        {
            throw bad(from, "a pattern of " + pattern.length() + " characters", "write 1 to " + MAX_PATTERN_LENGTH);
        }
        if (patterns.put(pattern, verdict) != null)
        {
            throw bad(from, "pattern '" + pattern + "' stands there twice", "keep one of them");
        }
        if ("*".equals(pattern))
        {
            otherwise = verdict;
            return;
        }
        final String fault = check.fault(pattern);
        if (fault != null)
        {
            throw bad(from, "pattern '" + pattern + "' " + fault, null);
        }
        rules.add(new Rule(pattern, verdict));
    }

    private int verdict(final String target, final int position)
    {
        return switch (target)
        {
            case STAY -> HandoffPolicy.STAY;
            case REFUSE -> HandoffPolicy.REFUSE;
            default -> node(target, position);
        };
    }

    private void nodeOnce(final String text, final int from, final int to)
    {
        final String name = text.substring(from, to).strip();
        if (nodeNumbers.containsKey(name))
        {
            throw bad(from, "node '" + name + "' stands there twice", "keep one of them");
        }
        node(name, from);
    }

    private int node(final String name, final int position)
    {
        boolean good = !name.isEmpty() && name.length() <= MAX_NODE_LENGTH;
        for (int i = 0; good && i < name.length(); i++)
        {
            final char c = name.charAt(i);
            good = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.';
        }
        if (!good)
        {
            throw bad(position, "'" + name + "' is not a node name",
                "use 1 to " + MAX_NODE_LENGTH + " lower-case letters, digits, dashes and dots");
        }
        final Integer known = nodeNumbers.putIfAbsent(name, nodes.size());
        if (known == null)
        {
            nodes.add(name);
            return nodes.size() - 1;
        }
        return known;
    }

    private IllegalArgumentException bad(final int position, final String cause, final String mend)
    {
        return new IllegalArgumentException("policy " + policy + ": at character " + (position + 1) + ": " + cause +
            (mend == null ? "" : "; " + mend));
    }

    /**
     * The nodes that are named.
     *
     * @return names; a node's number is its place here.
     */
    List<String> nodes()
    {
        return Collections.unmodifiableList(nodes);
    }

    /**
     * The rules but that of {@code *}, in the order of the text.
     *
     * @return rules.
     */
    List<Rule> rules()
    {
        return Collections.unmodifiableList(rules);
    }

    /**
     * What happens when no rule is for it.
     *
     * @return a verdict.
     */
    int otherwise()
    {
        return otherwise;
    }

    /** What is done with each part of the text between commas. */
    private interface Element
    {
        void at(int from, int to);
    }
}
