/// File descriptors as objects that own them.
///
/// | class | what it is |
/// |---|---|
/// | [StreamSocket] | a connection, TCP or Unix domain; `pair()` for two connected ones |
/// | [ListeningSocket] | takes connections |
/// | [DatagramSocket] | datagrams, UDP or Unix domain |
/// | [Pipe] | a [PipeSource] and a [PipeSink] |
/// | [FileStream] | a terminal, a FIFO, a device, standard input and output |
/// | [EventFd], [TimerFd], [SignalFd], [Inotify], [PidFd] | a counter, a timer, signals, changes of files, a process |
/// | [Select], [Poll], [Epoll], [Kqueue] | the kernel's ways to wait for many, bare |
/// | [OpenDescriptor] | any that was received or inherited |
///
/// All are [OwnedDescriptor]s: they tell their number, are closed once, block or not, and are
/// missed when nobody closed them. [Descriptor] is whatever has a number. Addresses are those of
/// `java.net`, options are typed ([SocketDescriptor]), streams are channels of `java.nio`
/// ([ByteStream]).
///
/// Inside, [Ownership] counts the calls that are under way; `ByteFlow` reads and writes, with the
/// help of `Pieces` for several buffers and of `ThreadMemory` for those on the heap; `Families`
/// opens sockets, `OptionCalls` knows their options, `Passing` sends descriptors.
package dev.pollux.descriptors;
