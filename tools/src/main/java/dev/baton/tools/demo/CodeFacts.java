package dev.baton.tools.demo;

/**
 * What the compiled code says about who knows whom.
 *
 * @param stackClasses    classes of the stack that were looked into.
 * @param stackMentions   how many of them mention the handoff packages.
 * @param moduleClasses   classes in the module's jar.
 * @param moduleForeigners how many of them are outside the module's own package, so could replace something of the
 *                         stack.
 */
record CodeFacts(int stackClasses, int stackMentions, int moduleClasses, int moduleForeigners)
{
}
