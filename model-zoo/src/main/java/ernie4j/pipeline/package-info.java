/**
 * Text in, answer out: one pipeline per task, from a model file or a pulled model. Pipelines know
 * nothing of how a model was made; training evaluates with them.
 *
 * <pre>{@code
 * try (TextClassifier classifier = TextClassifier.load("reviews.ernie")) {
 *   TextClassifier.Result result = classifier.classify("房间很干净，下次还来");
 *   System.out.println(result.label() + " " + result.probability());
 *
 *   // Several texts are computed together; one that is too long does not affect the others.
 *   for (Attempt<TextClassifier.Result> attempt : classifier.tryClassify(reviews)) {
 *     System.out.println(
 *         attempt.isSuccess() ? attempt.result().label() : attempt.error().orElseThrow());
 *   }
 * }
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package ernie4j.pipeline;
