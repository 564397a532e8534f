/** Answers of pipelines as JSON, the same from the command line and from a service. */
@NullMarked
package ernie4j.pipeline.json;

import org.jspecify.annotations.NullMarked;
