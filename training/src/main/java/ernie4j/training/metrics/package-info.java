/** How good predictions are: accuracy, F1, Matthews correlation, spans, answers; all in percent. */
@org.jspecify.annotations.NullMarked
package ernie4j.training.metrics;
