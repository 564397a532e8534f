/** Interleaved comparisons of two engines in one process, repeated in several processes. */
@NullMarked
package ernie4j.bench.sidebyside;

import org.jspecify.annotations.NullMarked;
