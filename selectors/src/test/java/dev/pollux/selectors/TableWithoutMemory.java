package dev.pollux.selectors;

/// Run in a JVM of its own, whose heap does not hold the table for a number as high as this.
final class TableWithoutMemory {
    private static final int HIGHEST = Integer.MAX_VALUE - 2;

    private TableWithoutMemory() {}

    public static void main(String[] arguments) {
        var table = new KeyTable<String>();
        var key = new SelectorKey<>("any", HIGHEST, Selector.READ, "data");
        try {
            table.put(HIGHEST, new Registration<>(key, 1, Trigger.LEVEL));
            System.out.println("there was room");
        } catch (OutOfMemoryError _) {
            System.out.println("no room, and of registrations " + table.size());
        }
    }
}
