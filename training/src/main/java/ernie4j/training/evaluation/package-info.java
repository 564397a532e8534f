/**
 * Evaluations of models: what counts is only what the pipelines of {@link ernie4j.pipeline} answer
 * for labelled examples. An input that a pipeline cannot read counts as a wrong answer.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.evaluation;
