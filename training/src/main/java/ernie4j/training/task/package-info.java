/**
 * Fine-tuning for the usual tasks of language understanding. An {@link
 * ernie4j.training.task.Objective} holds what differs between them (head, examples, loss, metrics),
 * {@link ernie4j.training.task.EncoderTask} what they share.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.task;
