/** Requests and responses: routes, limits, access log, metrics, the page. */
@NullMarked
package ernie4j.server.http;

import org.jspecify.annotations.NullMarked;
