/** JMH benchmarks: absolute times of one engine at a time. */
@NullMarked
package ernie4j.bench.jmh;

import org.jspecify.annotations.NullMarked;
