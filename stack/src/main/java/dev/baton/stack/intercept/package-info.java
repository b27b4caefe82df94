/**
 * Where modules sit: below TCP (BTCP) and above TCP (UTCP). A module sees packets and indications, and may hold, rewrite, drop
 * or inject them; TCP does not know of it.
 */
package dev.baton.stack.intercept;
