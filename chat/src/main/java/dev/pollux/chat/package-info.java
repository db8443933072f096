/// A chat server for any engine.
///
/// Read it in this order: [LineDecoder] cuts bytes into lines; [ChatProtocol] is the line door,
/// what `nc` talks to; [Hub] knows the names, [Room] who hears what, [Member] who is there. [Desk]
/// is the other way to serve lines: each client talks to one operator.
///
/// **Threads and locks.** There are no locks. Each connection's state (its protocol, its decoder,
/// its member's encoder) belongs to the connection's own thread. What is shared is safe by itself:
/// the names and the lists of members are concurrent maps (claiming a name is one `putIfAbsent`), a
/// member's name and the rendered time are immutable values in volatile fields, and the order of
/// what a room hears is [dev.pollux.engines.Group]'s total order.
package dev.pollux.chat;
