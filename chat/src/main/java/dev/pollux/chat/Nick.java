package dev.pollux.chat;

import java.text.Normalizer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The rules of nicknames: letters and digits of any script, and `_`, `-`, `.` between them; at
/// most [#CHARACTERS_MAX] characters. No `:`, so a nickname never looks like an address; no space,
/// no control or invisible character.
///
/// Two nicknames are the same when they are equal after folding: upper and lower case, wide and
/// narrow forms, composed and decomposed characters are alike.
final class Nick {
    /// The most characters (code points).
    static final int CHARACTERS_MAX = 24;

    private Nick() {}

    /// {@return what is wrong with a nickname, as the end of a sentence; null when nothing is}
    ///
    /// @param nick what somebody wants to be called, from [#normal]
    static @Nullable String complaint(String nick) {
        if (nick.isEmpty()) {
            return "a name has at least one letter";
        }
        if (nick.codePointCount(0, nick.length()) > CHARACTERS_MAX) {
            return "a name has at most " + CHARACTERS_MAX + " characters";
        }
        int first = nick.codePointAt(0);
        if (!Character.isLetterOrDigit(first) || Invisible.inName(first)) {
            return "a name begins with a letter or a digit";
        }
        for (int at = 0; at < nick.length(); ) {
            int c = nick.codePointAt(at);
            if (!allowed(c)) {
                return "a name has letters, digits and _ - . only";
            }
            at += Character.charCount(c);
        }
        return null;
    }

    private static boolean allowed(int c) {
        boolean mark =
                switch (Character.getType(c)) {
                    case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
                    default -> false;
                };
        return (Character.isLetterOrDigit(c) || mark || c == '_' || c == '-' || c == '.')
                && !Invisible.inName(c);
    }

    /// {@return the nickname with composed characters (NFC), as it is shown}
    ///
    /// @param nick what was typed
    static String normal(String nick) {
        return Normalizer.normalize(nick, Normalizer.Form.NFC);
    }

    /// {@return what two nicknames have in common when they are the same}
    ///
    /// @param nick a nickname
    static String folded(String nick) {
        var compatible = Normalizer.normalize(nick, Normalizer.Form.NFKC);
        // Up and down again: some letters (ß, ς) meet their likes only on the way up.
        var folded = compatible.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Normalizer.Form.NFKC);
    }
}
