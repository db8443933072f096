/// Threads that sleep: one in the accept of each door, one in the receive of each connection.
///
/// To read: `BlockingEngine`, `Serving` (what its four models differ in), `Threads`;
/// `BlockingAcceptor` over a `BlockingDoor`; `BlockingConnection` over a `BlockingWire`, with its
/// `Lifecycle`, the `Strand` that has its callbacks run one at a time, its receiving half
/// (`BlockingReceiver`) and its sending half (`BlockingSendQueue`, `Watermarks`); a `Cork` gathers
/// what one callback writes. Then `BlockingTimers`, `BlockingHoldings` (memory) and
/// `BlockingGroup`.
package dev.pollux.engines.blocking;
