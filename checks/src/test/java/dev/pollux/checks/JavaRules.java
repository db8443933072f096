package dev.pollux.checks;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Rules that look at a Java source's syntax.
final class JavaRules {
    static final int METHOD_LINES_MAX = 60;

    private static final Pattern HOLLOW_NAME =
            Pattern.compile("(?:Abstract|Default)[A-Z].*|.+(?:Impl|Manager|Helper|Support)");

    private static final Pattern STANDARD_STREAM =
            Pattern.compile("(?:java\\.lang\\.)?System\\.(?:out|err)");

    private static final Pattern SLEEP =
            Pattern.compile("(?:.*\\b)?(?:Thread|TimeUnit\\.[A-Z]+|[A-Z]+SECONDS)\\.sleep");

    private static final Pattern SWITCHED_OFF =
            Pattern.compile("(?:.*\\.)?(?:Disabled\\w*|Ignore)");

    private JavaRules() {}

    static List<Violation> methodSize(Project project) {
        return inEach(project, _ -> true, MethodSize::new);
    }

    static List<Violation> nesting(Project project) {
        return inEach(project, _ -> true, Nesting::new);
    }

    static List<Violation> typeNames(Project project) {
        return inEach(project, _ -> true, TypeNames::new);
    }

    /// Only the command line speaks to a terminal; all others return, throw or tell an observer.
    static List<Violation> standardStreams(Project project) {
        return inEach(
                project,
                file -> !file.isTest() && !file.path().startsWith("app/"),
                StandardStreams::new);
    }

    static List<Violation> sleepingTests(Project project) {
        return inEach(project, TextFile::isTest, SleepingTests::new);
    }

    static List<Violation> switchedOffTests(Project project) {
        return inEach(project, TextFile::isTest, SwitchedOffTests::new);
    }

    private static List<Violation> inEach(
            Project project, Predicate<TextFile> where, Supplier<JavaTree.Visitor> rule) {
        return project.trees().stream()
                .filter(tree -> where.test(tree.file()))
                .flatMap(tree -> tree.violations(rule.get()).stream())
                .toList();
    }

    private static final class MethodSize extends JavaTree.Visitor {
        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            int lines = source().lastLine(method) - source().firstLine(method) + 1;
            if (lines > METHOD_LINES_MAX) {
                report(
                        method,
                        "%s has %d lines, and %d are the most: name its steps and call them"
                                .formatted(method.getName(), lines, METHOD_LINES_MAX));
            }
            return super.visitMethod(method, nothing);
        }
    }

    private static final class TypeNames extends JavaTree.Visitor {
        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (HOLLOW_NAME.matcher(type.getSimpleName()).matches()) {
                report(
                        type,
                        type.getSimpleName()
                                + " says how it is built, not what it is: name it after what it"
                                + " does in the field's own words");
            }
            return super.visitClass(type, nothing);
        }
    }

    private static final class StandardStreams extends JavaTree.Visitor {
        @Override
        public Void visitMemberSelect(MemberSelectTree select, Void nothing) {
            if (STANDARD_STREAM.matcher(select.toString()).matches()) {
                report(
                        select,
                        select + " outside app: return it, throw it, or tell an observer of it");
            }
            return super.visitMemberSelect(select, nothing);
        }
    }

    private static final class SleepingTests extends JavaTree.Visitor {
        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
            Tree called = call.getMethodSelect();
            if (SLEEP.matcher(called.toString()).matches()) {
                report(
                        call,
                        "a test that sleeps is slow or wrong: wait for the event itself, with a"
                                + " deadline");
            }
            return super.visitMethodInvocation(call, nothing);
        }
    }

    private static final class SwitchedOffTests extends JavaTree.Visitor {
        @Override
        public Void visitAnnotation(AnnotationTree annotation, Void nothing) {
            var name = annotation.getAnnotationType().toString();
            if (SWITCHED_OFF.matcher(name).matches()) {
                report(
                        annotation,
                        "a test that is switched off: mend it or delete it; where a machine lacks"
                                + " something, assume it with a reason");
            }
            return super.visitAnnotation(annotation, nothing);
        }
    }
}
