package dev.pollux.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Header fields in their order: a table of places in the bytes of a message's head. Immutable;
/// names are compared without regard to case, and a `String` is made only of what is asked for.
///
/// Values that hold bytes above 127 are read as UTF-8 when they are valid UTF-8, else as Latin-1.
public final class Headers {
    /// The most bytes that a place can name.
    static final int BYTES_MAX = 0xffff;

    /// The message's head. Shared, never changed.
    private final byte[] bytes;

    /// One place per field, see [#place].
    private final long[] places;

    Headers(byte[] bytes, long[] places) {
        this.bytes = bytes;
        this.places = places;
    }

    /// {@return where a field is, as four 16-bit numbers in one}
    static long place(int name, int nameLength, int value, int valueLength) {
        return (long) name << 48 | (long) nameLength << 32 | (long) value << 16 | valueLength;
    }

    private static int nameAt(long place) {
        return (int) (place >>> 48);
    }

    private static int nameLength(long place) {
        return (int) (place >>> 32) & 0xffff;
    }

    private static int valueAt(long place) {
        return (int) place >>> 16;
    }

    private static int valueLength(long place) {
        return (int) place & 0xffff;
    }

    /// {@return how many fields there are}
    public int size() {
        return places.length;
    }

    /// {@return the name of a field as it was written}
    ///
    /// @param index from 0 up to `size() - 1`
    /// @throws IndexOutOfBoundsException when there is no such field
    public String name(int index) {
        long place = places[index];
        return new String(bytes, nameAt(place), nameLength(place), ISO_8859_1);
    }

    /// {@return the value of a field, without the blanks around it}
    ///
    /// @param index from 0 up to `size() - 1`
    /// @throws IndexOutOfBoundsException when there is no such field
    public String value(int index) {
        return text(places[index]);
    }

    /// {@return the value of the first field of a name, null when there is none}
    ///
    /// @param name in any case
    public @Nullable String first(String name) {
        int index = find(name, 0);
        return index < 0 ? null : text(places[index]);
    }

    /// {@return the values of all fields of a name, in their order}
    ///
    /// @param name in any case
    public List<String> all(String name) {
        var values = new ArrayList<String>();
        for (int i = find(name, 0); i >= 0; i = find(name, i + 1)) {
            values.add(text(places[i]));
        }
        return values;
    }

    /// {@return whether there is a field of a name}
    ///
    /// @param name in any case
    public boolean contains(String name) {
        return find(name, 0) >= 0;
    }

    /// {@return the bytes of the head; never to be changed}
    byte[] bytes() {
        return bytes;
    }

    /// {@return these fields and one more, which has been checked}
    Headers with(String name, String value) {
        byte[] valueBytes = value.getBytes(UTF_8);
        int nameAt = bytes.length;
        int valueAt = nameAt + name.length() + 2;
        int end = valueAt + valueBytes.length + 2;
        if (end > BYTES_MAX) {
            throw new IllegalArgumentException("header fields of more than 65,535 bytes");
        }
        byte[] longer = Arrays.copyOf(bytes, end);
        System.arraycopy(name.getBytes(ISO_8859_1), 0, longer, nameAt, name.length());
        longer[valueAt - 2] = ':';
        longer[valueAt - 1] = ' ';
        System.arraycopy(valueBytes, 0, longer, valueAt, valueBytes.length);
        longer[end - 2] = '\r';
        longer[end - 1] = '\n';
        long[] more = Arrays.copyOf(places, places.length + 1);
        more[places.length] = place(nameAt, name.length(), valueAt, valueBytes.length);
        return new Headers(longer, more);
    }

    private int find(String name, int from) {
        for (int i = from; i < places.length; i++) {
            long place = places[i];
            if (nameLength(place) == name.length() && isNamed(nameAt(place), name)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isNamed(int at, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (lower((char) bytes[at + i]) != lower(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
    }

    private String text(long place) {
        return Text.decode(bytes, valueAt(place), valueLength(place));
    }

    /// Checks the name of a field that is to be sent.
    ///
    /// @throws IllegalArgumentException when it is no token
    static void requireName(String name) {
        boolean token = !name.isEmpty();
        for (int i = 0; i < name.length(); i++) {
            token &= Grammar.is(Grammar.TOKEN, name.charAt(i));
        }
        if (!token) {
            throw new IllegalArgumentException("not the name of a header field: " + name);
        }
    }

    /// Checks the value of a field that is to be sent: no control character gets through, so that
    /// no value can end its line.
    ///
    /// @throws IllegalArgumentException when it has a control character but the tab, or an unpaired
    ///   surrogate
    static void requireValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw new IllegalArgumentException("a control character in the value of " + name);
            }
        }
        if (!UTF_8.newEncoder().canEncode(value)) {
            throw new IllegalArgumentException("an unpaired surrogate in the value of " + name);
        }
    }

    /// {@return the fields as they are sent, for a person}
    @Override
    public String toString() {
        var text = new StringBuilder();
        for (int i = 0; i < size(); i++) {
            text.append(name(i)).append(": ").append(value(i)).append('\n');
        }
        return text.toString();
    }
}
