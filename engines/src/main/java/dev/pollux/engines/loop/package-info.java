/// Loops: threads that serve many connections each. None of them knows a model; a model is plugged
/// in as a [LoopModel][dev.pollux.engines.loop.LoopModel].
///
/// To read: `LoopEngine`, `Loops`, `Loop` (the turn), `Driver` (how it waits), `Doors` and
/// `Admission` (how connections come, and how many may), `Connection` with its receiving half
/// (`Receiver`, into the loop's `ReceiveBuffer`) and its sending half (`SendQueue`); then
/// `TaskQueue` and `Errand` (what other threads hand over), `TimerWheel`, `Deadlines` and `Lag`
/// (time), `Budget` and `Holdings` (memory), `LoopGroup` and `GroupPart` (broadcasts).
package dev.pollux.engines.loop;
