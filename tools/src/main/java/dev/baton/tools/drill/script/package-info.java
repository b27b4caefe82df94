/**
 * The language of conformance scripts (packetdrill's), read into values. Nothing here runs anything.
 */
package dev.baton.tools.drill.script;
