package dev.baton.handoff.control;

import dev.baton.handoff.codec.HelloEncoder;

/**
 * The versions of the control schema that a node reads. A node of version N speaks with one of N or N - 1, so that a
 * cluster can be upgraded node by node.
 *
 * @param min oldest version.
 * @param max newest version, the one that it writes.
 */
record VersionRange(int min, int max)
{
    /** What this build reads. */
    static final VersionRange LOCAL =
        new VersionRange(Math.max(0, HelloEncoder.SCHEMA_VERSION - 1), HelloEncoder.SCHEMA_VERSION);

    /**
     * Can nodes of these two ranges understand each other? They can when the ranges overlap: a reader skips what a
     * newer writer has appended, and finds absent what an older one does not know.
     *
     * @param other range, as its node announced it.
     * @return true when they can.
     */
    boolean meets(final VersionRange other)
    {
        return other.min <= other.max && min <= other.max && other.min <= max;
    }

    /**
     * May a message of this range's node carry a version?
     *
     * @param version of the message.
     * @return true when it is inside.
     */
    boolean contains(final int version)
    {
        return version >= min && version <= max;
    }

    /**
     * As an operator reads it.
     */
    @Override
    public String toString()
    {
        return min == max ? "version " + min : "versions " + min + " to " + max;
    }
}
