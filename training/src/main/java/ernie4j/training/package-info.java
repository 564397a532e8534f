/** What every training shares: checkpoints, progress, metrics. */
@org.jspecify.annotations.NullMarked
package ernie4j.training;
