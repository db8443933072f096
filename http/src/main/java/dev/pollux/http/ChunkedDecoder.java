package dev.pollux.http;

import java.nio.ByteBuffer;

/// Takes a chunked body apart (RFC 9112, section 7.1), split at any byte, to the letter of its
/// grammar: sizes, extensions with tokens or quoted strings, CR LF after each line and each chunk,
/// trailer fields. Extensions and trailers are checked, bounded and forgotten.
final class ChunkedDecoder {
    private enum State {
        SIZE,
        BEFORE_SEMICOLON,
        EXTENSION_START,
        EXTENSION_NAME,
        AFTER_NAME,
        VALUE_START,
        VALUE_TOKEN,
        VALUE_QUOTED,
        VALUE_ESCAPED,
        AFTER_QUOTED,
        SIZE_FEED,
        DATA,
        DATA_RETURN,
        DATA_FEED,
        TRAILER_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_FEED,
        LAST_FEED,
        DONE
    }

    /// Digits of a size, leading zeros included; more would overflow, or are mischief.
    private static final int SIZE_DIGITS_MAX = 15;

    private final int overheadMax;
    private State state = State.SIZE;

    /// The size of the chunk, then what is left of it.
    private long left;

    /// Digits of the size so far.
    private int digits;

    /// Bytes of extensions and trailers so far.
    private int overhead;

    /// @param overheadMax how many bytes of extensions and trailers one body may have
    ChunkedDecoder(int overheadMax) {
        this.overheadMax = overheadMax;
    }

    boolean isDone() {
        return state == State.DONE;
    }

    /// Consumes input up to the body's end.
    ///
    /// @param input the next bytes of the connection
    /// @param body what takes the data
    /// @throws RejectedException when the body is malformed or too large
    void decode(ByteBuffer input, BodyReader body) throws RejectedException {
        while (state != State.DONE && input.hasRemaining()) {
            if (state == State.DATA) {
                int count = (int) Math.min(left, input.remaining());
                body.append(input, count);
                left -= count;
                state = left == 0 ? State.DATA_RETURN : State.DATA;
            } else {
                state = next(input.get(), body);
            }
        }
    }

    private State next(byte b, BodyReader body) throws RejectedException {
        return switch (state) {
            case SIZE -> size(b);
            case BEFORE_SEMICOLON,
                    EXTENSION_START,
                    EXTENSION_NAME,
                    AFTER_NAME,
                    VALUE_START,
                    VALUE_TOKEN,
                    VALUE_QUOTED,
                    VALUE_ESCAPED,
                    AFTER_QUOTED -> {
                count();
                yield extension(b);
            }
            case SIZE_FEED -> sizeFeed(b, body);
            case DATA_RETURN -> require(b == '\r', State.DATA_FEED);
            case DATA_FEED -> {
                digits = 0;
                yield require(b == '\n', State.SIZE);
            }
            case TRAILER_START, TRAILER_NAME, TRAILER_VALUE, TRAILER_FEED -> {
                count();
                yield trailer(b);
            }
            case LAST_FEED -> require(b == '\n', State.DONE);
            case DATA, DONE -> throw new AssertionError(state);
        };
    }

    private static State require(boolean holds, State next) throws RejectedException {
        if (!holds) {
            throw RejectedException.bad("a malformed chunk");
        }
        return next;
    }

    private void count() throws RejectedException {
        overhead++;
        if (overhead > overheadMax) {
            throw RejectedException.bad("too many chunk extensions or trailers");
        }
    }

    private State size(byte b) throws RejectedException {
        int digit = Grammar.hex(b);
        if (digit >= 0) {
            digits++;
            left = left << 4 | digit;
            return require(digits <= SIZE_DIGITS_MAX, State.SIZE);
        }
        require(digits > 0, State.SIZE);
        return afterItem(b);
    }

    private State sizeFeed(byte b, BodyReader body) throws RejectedException {
        require(b == '\n', State.SIZE_FEED);
        if (left == 0) {
            return State.TRAILER_START;
        }
        body.requireRoom(left);
        return State.DATA;
    }

    private State extension(byte b) throws RejectedException {
        boolean blank = Grammar.isBlank(b);
        boolean token = Grammar.is(Grammar.TOKEN, b);
        return switch (state) {
            case BEFORE_SEMICOLON -> blank ? state : require(b == ';', State.EXTENSION_START);
            case EXTENSION_START -> blank ? state : require(token, State.EXTENSION_NAME);
            case EXTENSION_NAME -> token ? state : afterName(b);
            case AFTER_NAME -> blank ? state : require(b == '=' || b == ';', afterName(b));
            case VALUE_START -> {
                State start = b == '"' ? State.VALUE_QUOTED : State.VALUE_TOKEN;
                yield blank ? state : require(b == '"' || token, start);
            }
            case VALUE_TOKEN -> token ? state : afterItem(b);
            case VALUE_QUOTED ->
                    switch (b) {
                        case '"' -> State.AFTER_QUOTED;
                        case '\\' -> State.VALUE_ESCAPED;
                        default -> require(Grammar.is(Grammar.FIELD, b), state);
                    };
            case VALUE_ESCAPED -> require(Grammar.is(Grammar.FIELD, b), State.VALUE_QUOTED);
            case AFTER_QUOTED -> afterItem(b);
            default -> throw new AssertionError(state);
        };
    }

    private static State afterName(byte b) throws RejectedException {
        if (b == '=') {
            return State.VALUE_START;
        }
        return Grammar.isBlank(b) ? State.AFTER_NAME : afterItem(b);
    }

    /// After a size or a whole extension: another extension, or the line's end. Blanks may stand
    /// before another extension only.
    private static State afterItem(byte b) throws RejectedException {
        if (b == ';') {
            return State.EXTENSION_START;
        }
        return Grammar.isBlank(b) ? State.BEFORE_SEMICOLON : require(b == '\r', State.SIZE_FEED);
    }

    private State trailer(byte b) throws RejectedException {
        boolean token = Grammar.is(Grammar.TOKEN, b);
        return switch (state) {
            case TRAILER_START -> b == '\r' ? State.LAST_FEED : require(token, State.TRAILER_NAME);
            case TRAILER_NAME -> token ? state : require(b == ':', State.TRAILER_VALUE);
            case TRAILER_VALUE ->
                    b == '\r' ? State.TRAILER_FEED : require(Grammar.is(Grammar.FIELD, b), state);
            case TRAILER_FEED -> require(b == '\n', State.TRAILER_START);
            default -> throw new AssertionError(state);
        };
    }
}
