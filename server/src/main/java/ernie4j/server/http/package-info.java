/** The HTTP server: routes, limits, access log, metrics and the page. */
@NullMarked
package ernie4j.server.http;

import org.jspecify.annotations.NullMarked;
