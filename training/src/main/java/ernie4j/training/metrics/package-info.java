/**
 * Metrics of predictions: accuracy, F1, exact match and correlations of classes, sets of labels,
 * spans, answers and scores. All are multiplied by 100 except squared errors.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.metrics;
