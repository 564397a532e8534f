/** The trainer: optimizer steps, checkpoints, evaluations and progress of every training. */
@org.jspecify.annotations.NullMarked
package ernie4j.training;
