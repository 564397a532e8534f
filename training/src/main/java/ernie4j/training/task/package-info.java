/**
 * What is learnt: an {@link ernie4j.training.task.Objective} for every head, and {@link
 * ernie4j.training.task.FineTuning}, which trains a model for one. Width pruning and quantization
 * take the same objectives.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.task;
