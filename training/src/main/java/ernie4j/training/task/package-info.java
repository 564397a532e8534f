/**
 * Tasks to learn: an {@link ernie4j.training.task.Objective} for every head, and {@link
 * ernie4j.training.task.FineTuning}, which trains a model for one of them. Width pruning and
 * quantization-aware training take the same objectives.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.task;
