/**
 * How good predictions are: accuracy, F1, exact match, correlations, of classes, sets of labels,
 * spans, answers and scores; all times 100 but for squared errors.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.metrics;
