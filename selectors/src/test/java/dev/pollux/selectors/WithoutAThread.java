package dev.pollux.selectors;

/// Run in a JVM of its own, where no selector was opened before.
final class WithoutAThread {
    private WithoutAThread() {}

    public static void main(String[] arguments) throws Exception {
        Object cleaner =
                Ownership.cleaner(_ -> {
                    throw new OutOfMemoryError("unable to create native thread");
                });
        System.out.println("cleaner: " + cleaner);
        try (Selector<String> selector = Selector.open()) {
            System.out.println("opened: " + selector.name());
        }
    }
}
