/** Requests to models and their responses in JSON, and batching; independent of the HTTP server. */
@NullMarked
package ernie4j.server.task;

import org.jspecify.annotations.NullMarked;
