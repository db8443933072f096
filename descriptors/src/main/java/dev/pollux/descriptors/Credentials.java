package dev.pollux.descriptors;

/// Who is at the other end of a Unix domain socket, `unix(7)`.
///
/// @param pid the process that has made the end, which may have ended since
/// @param uid its user
/// @param gid its group
public record Credentials(int pid, int uid, int gid) {}
