/// Loops whose rings receive and send by themselves: `io_uring(7)`.
///
/// `UringModel` plugs them in. `UringDriver` is a loop's turn: one system call hands over what is
/// wanted and waits for what is done. `Ring` is the two queues, `RingBuffers` the memory the kernel
/// receives into, `RingSources` who is meant by a completion. `UringSocket` is a connection that
/// has no descriptor outside its ring; `UringAcceptor` is a door, with a `UringGate` in each ring;
/// `UringWatch` a descriptor that only is watched. `UringNeeds` says what a machine must have.
package dev.pollux.engines.uring;
