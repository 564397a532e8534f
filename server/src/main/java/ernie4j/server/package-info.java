/** An HTTP server for models: its options, its start and its end. */
@NullMarked
package ernie4j.server;

import org.jspecify.annotations.NullMarked;
