/** The random models and inputs that benchmarks run on; speed does not depend on the numbers. */
@NullMarked
package ernie4j.bench.input;

import org.jspecify.annotations.NullMarked;
