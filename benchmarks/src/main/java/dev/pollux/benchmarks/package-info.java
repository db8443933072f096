/// What Pollux is measured beside: the same echo server in the ways Java offers, and
/// micro-benchmarks of the selectors. Started by `benchmarks/run`; described in
/// `docs/performance.md`.
@NullMarked
package dev.pollux.benchmarks;

import org.jspecify.annotations.NullMarked;
