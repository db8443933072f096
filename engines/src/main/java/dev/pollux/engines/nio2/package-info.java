/// Loops that threads of the JDK receive for, through `AsynchronousSocketChannel`.
///
/// `Nio2Model` plugs them in; `Nio2Group` is the JDK's threads, `Nio2Driver` the loop that waits
/// for them at a `CompletionQueue`, `Nio2Socket` a connection with its `Nio2Input` and
/// `Nio2Output`, `Nio2Acceptor` a door.
package dev.pollux.engines.nio2;
