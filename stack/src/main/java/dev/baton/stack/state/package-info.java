/**
 * Connections as values: export and import of what TCP knows, in a versioned binary form (schema {@code state.xml}). No
 * time in an image is absolute, and nothing of an image acts before all of it has been verified.
 */
package dev.baton.stack.state;
