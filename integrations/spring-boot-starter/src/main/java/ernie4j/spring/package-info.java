/** Pipelines as beans of a Spring Boot application, ready before it takes requests. */
@NullMarked
package ernie4j.spring;

import org.jspecify.annotations.NullMarked;
