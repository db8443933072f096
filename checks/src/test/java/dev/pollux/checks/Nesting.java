package dev.pollux.checks;

import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;

/// Reports statements that stand too deep in others. An `else if` is as deep as its `if`; a method
/// or a lambda begins anew.
final class Nesting extends JavaTree.Visitor {
    static final int DEPTH_MAX = 3;

    private int depth;

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
        return anew(() -> super.visitMethod(method, nothing));
    }

    @Override
    public Void visitLambdaExpression(LambdaExpressionTree lambda, Void nothing) {
        return anew(() -> super.visitLambdaExpression(lambda, nothing));
    }

    @Override
    public Void visitIf(IfTree test, Void nothing) {
        if (getCurrentPath().getParentPath().getLeaf() instanceof IfTree outer
                && outer.getElseStatement() == test) {
            return super.visitIf(test, nothing);
        }
        return deeper(test, () -> super.visitIf(test, nothing));
    }

    @Override
    public Void visitForLoop(ForLoopTree loop, Void nothing) {
        return deeper(loop, () -> super.visitForLoop(loop, nothing));
    }

    @Override
    public Void visitEnhancedForLoop(EnhancedForLoopTree loop, Void nothing) {
        return deeper(loop, () -> super.visitEnhancedForLoop(loop, nothing));
    }

    @Override
    public Void visitWhileLoop(WhileLoopTree loop, Void nothing) {
        return deeper(loop, () -> super.visitWhileLoop(loop, nothing));
    }

    @Override
    public Void visitDoWhileLoop(DoWhileLoopTree loop, Void nothing) {
        return deeper(loop, () -> super.visitDoWhileLoop(loop, nothing));
    }

    @Override
    public Void visitSwitch(SwitchTree choice, Void nothing) {
        return deeper(choice, () -> super.visitSwitch(choice, nothing));
    }

    @Override
    public Void visitSwitchExpression(SwitchExpressionTree choice, Void nothing) {
        return deeper(choice, () -> super.visitSwitchExpression(choice, nothing));
    }

    @Override
    public Void visitTry(TryTree attempt, Void nothing) {
        return deeper(attempt, () -> super.visitTry(attempt, nothing));
    }

    @Override
    public Void visitSynchronized(SynchronizedTree block, Void nothing) {
        return deeper(block, () -> super.visitSynchronized(block, nothing));
    }

    private Void deeper(Tree tree, Runnable inside) {
        depth++;
        if (depth == DEPTH_MAX + 1) {
            report(
                    tree,
                    "nested %d deep, and %d is the most: return early, or name the inner part"
                            .formatted(depth, DEPTH_MAX));
        }
        inside.run();
        depth--;
        return null;
    }

    private Void anew(Runnable inside) {
        int outside = depth;
        depth = 0;
        inside.run();
        depth = outside;
        return null;
    }
}
