package dev.pollux.chat;

/// What a telnet client may put between the characters (RFC 854): commands that begin with the byte
/// 255, "interpret as command". Nobody here negotiates, so they are only taken out.
final class Telnet {
    /// Interpret as command.
    static final byte IAC = (byte) 255;

    private static final int WILL = 251;
    private static final int SB = 250;
    private static final int SE = 240;
    private static final int NOP = 241;

    /// Telnet's own options lie below this; a letter in their place means that this is no telnet.
    private static final int OPTION_MAX = 0x30;

    private Telnet() {}

    /// Takes the commands out of one complete line, in place. What only looks like a command (a
    /// lone 255, an escaped 255, an unknown option) stays, and is refused later as the bad UTF-8 it
    /// is.
    ///
    /// @param line the line's bytes
    /// @param length how many they are
    /// @return how many are left
    static int strip(byte[] line, int length) {
        int kept = 0;
        int at = 0;
        while (at < length) {
            int command = line[at] == IAC ? commandLength(line, at, length) : 0;
            if (command == 0) {
                line[kept++] = line[at++];
            } else {
                at += command;
            }
        }
        return kept;
    }

    private static int commandLength(byte[] line, int at, int length) {
        int code = at + 1 < length ? line[at + 1] & 0xFF : 0;
        if (code >= NOP && code < SB) {
            return 2;
        }
        boolean option = at + 2 < length && (line[at + 2] & 0xFF) < OPTION_MAX;
        if (code == SB && option) {
            return subnegotiationLength(line, at, length);
        }
        return code >= WILL && code < 255 && option ? 3 : 0;
    }

    /// `IAC SB option ... IAC SE`; a 255 between them is escaped by another one.
    private static int subnegotiationLength(byte[] line, int at, int length) {
        for (int i = at + 3; i + 1 < length; i++) {
            if (line[i] == IAC && (line[i + 1] & 0xFF) == SE) {
                return i + 2 - at;
            }
            if (line[i] == IAC) {
                i++;
            }
        }
        return 0;
    }
}
