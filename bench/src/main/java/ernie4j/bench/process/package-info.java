/** Measurements of whole processes: start-up, memory, endurance. */
@NullMarked
package ernie4j.bench.process;

import org.jspecify.annotations.NullMarked;
