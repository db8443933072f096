/// The table of I/O models, by the names they have on the command line: what each is, whether this
/// machine has it, and how an engine of it is opened.
package dev.pollux.engines.models;
