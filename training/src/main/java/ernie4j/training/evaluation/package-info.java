/**
 * Evaluations of models: only the answers of the pipelines of {@link ernie4j.pipeline} to labelled
 * examples count. An input that a pipeline cannot read counts as a wrong answer.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.evaluation;
