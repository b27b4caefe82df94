/**
 * What all commands share: output rules, JSON, errors and exit codes.
 */
package dev.baton.tools.cli;
