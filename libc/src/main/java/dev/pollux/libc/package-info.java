/// The C library, as it is: constants, layouts and calls, through [java.lang.foreign.Linker] and
/// nothing else. This package decides nothing; it is the only one with native access.
///
/// **One shape for every call.** A static method per function takes integers and addresses (a
/// pointer is a `long`) and returns what the kernel returns: a value >= 0, or `-errno`. It throws
/// nothing and allocates nothing; [dev.pollux.libc.ErrnoException] is made from such a result where
/// a person must read it. The few methods that return an object (a socket address) throw it
/// themselves.
///
/// **Addresses are trusted**, as in C: a wrong one crashes the process. [dev.pollux.libc.Memory]
/// gives and takes them; whoever allocates keeps the memory alive until the call that uses it has
/// returned.
///
/// **Blocking.** A method that says *never blocks* is called without telling the JVM (no safepoint
/// transition), all others let the garbage collector run meanwhile. A blocked native call holds its
/// carrier: do not wait from a virtual thread.
///
/// **Threads.** Everything here may be called from any thread. Errno and the scratch structures
/// belong to the calling thread ([dev.pollux.libc.SystemCalls]), which also counts its system
/// calls.
///
/// Each mechanism is linked when it is first used. A function that this system lacks answers
/// `-ENOSYS`.
package dev.pollux.libc;
