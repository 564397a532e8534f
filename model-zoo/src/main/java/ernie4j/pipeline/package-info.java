/**
 * Text in, answer out: one pipeline per task, from a model file or a pulled model. Pipelines know
 * nothing of how a model was made; training evaluates with them.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.pipeline;
