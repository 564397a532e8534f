/** The sizes of ERNIE 3.0 Tiny with random weights and inputs. */
@NullMarked
package ernie4j.bench.model;

import org.jspecify.annotations.NullMarked;
