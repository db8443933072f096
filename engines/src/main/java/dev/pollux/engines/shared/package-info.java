/// What the connections of all models have in common: the stages of a life (`Stage`), who is called
/// and what it costs when that throws (`Recipient`), who is told of troubles (`Troubles`), how
/// several things are given back although one of them fails (`Ending`, `Rollback`), what a speaker
/// waits for (`Pace`), and which failures of an accept matter (`AcceptTrouble`).
package dev.pollux.engines.shared;
