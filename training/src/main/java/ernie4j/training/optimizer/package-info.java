/** AdamW, learning-rate schedules and gradient clipping. */
@org.jspecify.annotations.NullMarked
package ernie4j.training.optimizer;
