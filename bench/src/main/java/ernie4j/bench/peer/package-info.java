/** What a comparison runs: this project's encoder and training step, and those of other engines. */
@NullMarked
package ernie4j.bench.peer;

import org.jspecify.annotations.NullMarked;
