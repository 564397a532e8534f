/** Transformers and SQL functions of Spark on ernie4j's pipelines. */
@NullMarked
package ernie4j.spark;

import org.jspecify.annotations.NullMarked;
