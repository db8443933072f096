package dev.pollux.selectors;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The live, read-only view of a [KeyTable] that callers hold: descriptors to keys, by ascending
/// descriptor.
///
/// Lookups take whatever a selector takes: a number or an object.
final class KeyMap<T> extends AbstractMap<Integer, SelectorKey<T>> {
    private final KeyTable<T> table;
    private final ToIntFunction<Object> fdOf;
    private final Set<Entry<Integer, SelectorKey<T>>> entries = new Entries();

    /// Makes the view.
    ///
    /// @param fdOf how a selector finds the number of an object; throws [IllegalArgumentException]
    ///   for what is none
    KeyMap(KeyTable<T> table, ToIntFunction<Object> fdOf) {
        this.table = table;
        this.fdOf = fdOf;
    }

    /// Null for what is no file object: a comparison of maps asks for all sorts of things.
    @Override
    public @Nullable SelectorKey<T> get(@Nullable Object fileobj) {
        if (!FileObjects.isOne(fileobj)) {
            return null;
        }
        int fd = fileobj instanceof Integer number ? number : fdOf.applyAsInt(fileobj);
        Registration<T> registration = table.get(fd);
        return registration == null ? null : registration.key();
    }

    @Override
    public boolean containsKey(@Nullable Object fileobj) {
        return get(fileobj) != null;
    }

    @Override
    public int size() {
        return table.size();
    }

    @Override
    public SelectorKey<T> remove(Object fileobj) {
        throw new UnsupportedOperationException("read-only: use Selector.unregister");
    }

    @Override
    public void clear() {
        throw new UnsupportedOperationException("read-only: use Selector.unregister");
    }

    @Override
    public Set<Entry<Integer, SelectorKey<T>>> entrySet() {
        return entries;
    }

    private final class Entries extends AbstractSet<Entry<Integer, SelectorKey<T>>> {
        @Override
        public int size() {
            return table.size();
        }

        @Override
        public Iterator<Entry<Integer, SelectorKey<T>>> iterator() {
            return new EntryIterator();
        }
    }

    /// Weakly consistent: shows what is registered when it gets there, and never fails.
    private final class EntryIterator implements Iterator<Entry<Integer, SelectorKey<T>>> {
        private @Nullable Registration<T> next = from(0);

        private @Nullable Registration<T> from(int fd) {
            for (int at = table.next(fd); at >= 0; at = table.next(at + 1)) {
                Registration<T> registration = table.get(at);
                if (registration != null) {
                    return registration;
                }
            }
            return null;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Entry<Integer, SelectorKey<T>> next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            SelectorKey<T> key = next.key();
            next = from(key.fd() + 1);
            return new SimpleImmutableEntry<>(key.fd(), key);
        }
    }
}
