/**
 * How good models are: what the pipelines of {@link ernie4j.pipeline} answer to labelled examples
 * is counted, nothing else. An input that a pipeline cannot read counts as answered wrongly.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.evaluation;
