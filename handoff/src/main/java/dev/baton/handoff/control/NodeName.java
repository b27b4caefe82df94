package dev.baton.handoff.control;

/**
 * What a node may be called: a DNS name in lower case, since it stands as one in the node's certificate.
 */
final class NodeName
{
    /** Greatest length in characters. */
    static final int MAX_LENGTH = 63;

    private NodeName()
    {
    }

    /**
     * Check a name.
     *
     * @param what to name in an error.
     * @param name to check; null is refused too.
     * @return the name.
     * @throws IllegalArgumentException when it is none.
     */
    static String check(final String what, final String name)
    {
        if (!isValid(name))
        {
            throw new IllegalArgumentException(what + ": '" + name + "' is not a node name; use 1 to " + MAX_LENGTH +
                " lower-case letters, digits, dashes and dots, with a letter or digit at both ends and at each dot");
        }
        return name;
    }

    /**
     * Is this a name?
     *
     * @param name to check, or null.
     * @return true when it is.
     */
    static boolean isValid(final String name)
    {
        if (name == null || name.isEmpty() || name.length() > MAX_LENGTH)
        {
            return false;
        }
        boolean edge = true;
        for (int i = 0; i < name.length(); i++)
        {
            final char c = name.charAt(i);
            final boolean plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            final boolean last = i == name.length() - 1 || name.charAt(i + 1) == '.';
            if (!plain && (c != '-' && c != '.' || edge || last))
            {
                return false;
            }
            edge = c == '.';
        }
        return true;
    }
}
