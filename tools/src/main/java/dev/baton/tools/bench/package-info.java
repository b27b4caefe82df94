/**
 * {@code baton bench}: Baton beside its peers. {@code serve} is Baton's row in a table of stacks: four small services
 * on one device, for whatever load generator measures them.
 */
package dev.baton.tools.bench;
