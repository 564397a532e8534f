/**
 * What is asked of models: requests and answers as JSON, and batches of them. Knows no HTTP server.
 */
@NullMarked
package ernie4j.server.task;

import org.jspecify.annotations.NullMarked;
