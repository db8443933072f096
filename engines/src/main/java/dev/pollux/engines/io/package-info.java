/// Sockets, and memory that is sent: raw calls that decide nothing.
///
/// Doors ([Door][dev.pollux.engines.io.Door]): `SocketDoor` over the kernel's sockets,
/// `ChannelDoor` over the JDK's; `Reserve` is the descriptor that is held for a full table. Wires
/// ([Wire][dev.pollux.engines.io.Wire]): `SocketWire`, `ChannelWire`; `AdoptedDescriptor` is what
/// somebody else has opened. Memory: a `Segment` is a piece of a queue, its own or a reference to
/// `CountedBytes`; a `SegmentPool` keeps and counts them, a `SegmentChain` is a queue of them, and
/// `Iovecs` lists them for one gathering send.
package dev.pollux.engines.io;
