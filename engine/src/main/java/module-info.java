/**
 * Kernels, model file, encoder and heads: everything that inference needs.
 *
 * <p>A model file becomes an encoder and a head; token ids become logits. Pipelines over texts are
 * in {@code ernie4j.zoo}.
 *
 * <pre>{@code
 * record Classifier(Encoder encoder, Head head) {}
 *
 * Classifier classifier = ModelFile.load(Path.of("reviews.ernie"), model -> {
 *   Encoder encoder = Encoder.of(model.config(), model.parameters());
 *   return new Classifier(encoder, Head.of(encoder, Task.of(model.task()), model.parameters()));
 * });
 *
 * RaggedBatch batch = RaggedBatch.of(new int[] {1, 61, 7, 504, 2}, new int[] {1, 8, 2});
 * float[] logits = classifier.encoder().forward(batch, classifier.head()::logits).get(0);
 * float[] vectors = classifier.encoder().forward(batch, SentenceEmbedding.MEAN::pool);
 * // logits [2, classes] and vectors [2, hidden], row-major
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
module ernie4j.engine {
  requires static org.jspecify;
  requires static jdk.incubator.vector;
  // Android's log; a JVM logs through System.Logger and needs no module for it.
  requires static java.logging;
  requires com.fasterxml.jackson.core;

  uses ernie4j.engine.kernels.KernelProvider;

  provides ernie4j.engine.kernels.KernelProvider with
      ernie4j.engine.kernels.vector.VectorProvider,
      ernie4j.engine.kernels.scalar.ScalarProvider;

  exports ernie4j.engine;
  exports ernie4j.engine.encoder;
  exports ernie4j.engine.head;
  exports ernie4j.engine.kernels;
  exports ernie4j.engine.file;
}
