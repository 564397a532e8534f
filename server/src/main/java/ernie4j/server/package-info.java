/** A service over HTTP: what it serves, its limits, its start and its end. */
@NullMarked
package ernie4j.server;

import org.jspecify.annotations.NullMarked;
