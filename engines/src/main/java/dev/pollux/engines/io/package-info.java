/// Sockets, and memory that is sent: raw calls that decide nothing.
///
/// Doors: `SocketDoor` over the kernel's sockets, `ChannelDoor` over the JDK's, each as a loop sees
/// it ([Door][dev.pollux.engines.io.Door]) and as a thread that sleeps in it
/// ([BlockingDoor][dev.pollux.engines.io.BlockingDoor]); `Reserve` is the descriptor that is held
/// for a full table. Wires the same: `SocketWire` and `ChannelWire`, as a
/// [Wire][dev.pollux.engines.io.Wire] and as a [BlockingWire][dev.pollux.engines.io.BlockingWire];
/// `AdoptedDescriptor` is what somebody else has opened. Memory: a `Segment` is a piece of a queue,
/// its own or a reference to `CountedBytes`; a `SegmentPool` keeps and counts them, a
/// `SegmentChain` is a queue of them, and `Iovecs` lists them for one gathering send.
package dev.pollux.engines.io;
