package dev.pollux.checks;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The rules about who may use whom.
final class Architecture {
    /// Each module uses only those before it.
    static final List<String> LADDER =
            List.of("libc", "descriptors", "selectors", "engines", "http", "chat", "lab", "app");

    private Architecture() {}

    /// {@return for each module, the rule that it uses none of those it must not know}
    static Stream<ArchRule> ladder() {
        return LADDER.stream().map(Architecture::knowsOnlyItsBetters);
    }

    private static ArchRule knowsOnlyItsBetters(String module) {
        var unknown = new ArrayList<>(LADDER.subList(LADDER.indexOf(module) + 1, LADDER.size()));
        if (module.equals("chat")) {
            unknown.add("http");
        }
        return noClasses()
                .that()
                .resideInAPackage(packageOf(module))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        unknown.stream().map(Architecture::packageOf).toArray(String[]::new))
                .because(
                        "the ladder is "
                                + String.join(" ", LADDER)
                                + ", and http and chat do not know each other: move what both"
                                + " need down, or join them in app")
                .allowEmptyShould(true);
    }

    static ArchRule noCycles() {
        return slices().matching("dev.pollux.(**)")
                .should()
                .beFreeOfCycles()
                .because("packages that need each other are one package: merge them, or cut")
                .allowEmptyShould(true);
    }

    /// What the JDK calls restricted: all that can crash the JVM.
    static Stream<ArchRule> nativeAccessInLibcOnly() {
        var why = "only libc touches native code: give the call a method there";
        var others = noClasses().that().resideOutsideOfPackage(packageOf("libc"));
        return Stream.of(
                others.should()
                        .dependOnClassesThat()
                        .haveNameMatching("java\\.lang\\.foreign\\.(Linker|SymbolLookup).*")
                        .because(why),
                others.should()
                        .callMethodWhere(
                                target(owner(nameIs("java.lang.foreign.MemorySegment")))
                                        .and(target(nameMatching("reinterpret"))))
                        .because(why),
                others.should()
                        .callMethodWhere(
                                target(nameMatching("load|loadLibrary"))
                                        .and(target(owner(nameIs("java.lang.(System|Runtime)")))))
                        .because(why));
    }

    private static DescribedPredicate<JavaClass> nameIs(String regex) {
        return DescribedPredicate.describe("named " + regex, type -> type.getName().matches(regex));
    }

    private static String packageOf(String module) {
        return "dev.pollux." + module + "..";
    }
}
