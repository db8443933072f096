package dev.pollux.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NickTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "小明", "Zoë", "x_1-2.3", "7of9", "हिन्दी", "𠮷野"})
    void lettersOfAnyScriptAreFine(String nick) {
        assertThat(Nick.complaint(nick)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "_",
                ".",
                "\u0301a",
                "a b",
                "a:b",
                "a,b",
                "*",
                "a\u200bb",
                "a\u202eb",
                "a\ufe0fb",
                "a\u034fb",
                "\u3164",
                "a\u115fb",
                "😀"
            })
    void therestIsNot(String nick) {
        assertThat(Nick.complaint(nick)).startsWith("a name ");
    }

    @Test
    void theLengthIsCountedInCharacters() {
        assertThat(Nick.complaint("𠮷".repeat(Nick.CHARACTERS_MAX))).isNull();
        assertThat(Nick.complaint("好".repeat(Nick.CHARACTERS_MAX + 1)))
                .isEqualTo("a name has at most 24 characters");
    }

    @ParameterizedTest
    @CsvSource({"Bob,bOB", "ＢＯＢ,bob", "straße,STRASSE", "ΣΊΣΥΦΟΣ,σίσυφος", "Zoe\u0308,ZOË"})
    void theseAreTheSame(String one, String other) {
        assertThat(Nick.folded(Nick.normal(one))).isEqualTo(Nick.folded(Nick.normal(other)));
    }

    @Test
    void theseAreNot() {
        assertThat(Nick.folded("小明")).isNotEqualTo(Nick.folded("小红"));
    }
}
