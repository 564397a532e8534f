package ernie4j.training.distillation;

import static ernie4j.engine.ParameterNames.POOLER;
import static ernie4j.engine.ParameterNames.POSITION_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TOKEN_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.WORD_EMBEDDINGS;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.training.model.RandomParameters;
import java.util.Map;

/**
 * An untrained student: an ERNIE v2 encoder with its teacher's vocabulary and positions. Its
 * embeddings are the teacher's along the principal axes of the word embedding, with the teacher's
 * standard deviation; everything else is random. It has no pooler, because no loss here reaches
 * one.
 */
public final class StudentStart {
  private StudentStart() {}

  /**
   * Creates a student.
   *
   * @param teacher the model whose embeddings, vocabulary and positions it takes; not changed
   * @param shape its layers, hidden size, heads and intermediate size
   * @param seed determines the random values
   * @return a model without head
   * @throws IllegalArgumentException if the student is wider than its teacher
   */
  public static Model of(Model teacher, EncoderConfig shape, long seed) {
    EncoderConfig old = teacher.config();
    if (shape.hiddenSize() > old.hiddenSize()) {
      throw new IllegalArgumentException(
          "distillation: expected a student that is not wider than its teacher's %d, got %d"
              .formatted(old.hiddenSize(), shape.hiddenSize()));
    }
    EncoderConfig config =
        shape.toBuilder()
            .vocabularySize(old.vocabularySize())
            .maxPositions(old.maxPositions())
            .tokenTypes(old.tokenTypes())
            .taskTypes(0)
            .layerNormEpsilon(1e-12f)
            .paddingId(old.paddingId())
            .zeroPaddingEmbedding(true)
            .build();
    ParameterStore store = RandomParameters.encoder(config, seed);
    store.remove(POOLER + ".weight");
    store.remove(POOLER + ".bias");
    embed(teacher, config.hiddenSize(), store);
    return new Model(
        config,
        Task.ENCODER.id(),
        store,
        teacher.vocabulary(),
        Map.of(),
        teacher.tokenizerOptions(),
        Map.of());
  }

  private static void embed(Model teacher, int width, ParameterStore store) {
    Tensor words = teacher.parameters().get(WORD_EMBEDDINGS);
    PrincipalAxes axes = PrincipalAxes.of(words, width);
    Tensor projected = axes.project(words);
    // One factor for all tables, so that their sum is the teacher's along the axes.
    float factor = (float) (deviation(words) / Math.max(1e-12, deviation(projected)));
    store.replace(WORD_EMBEDDINGS, scaled(projected, factor));
    for (String name : new String[] {POSITION_EMBEDDINGS, TOKEN_TYPE_EMBEDDINGS}) {
      store.replace(name, scaled(axes.project(teacher.parameters().get(name)), factor));
    }
  }

  private static double deviation(Tensor tensor) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < tensor.size(); i++) {
      double x = tensor.get(i);
      sum += x;
      squares += x * x;
    }
    double mean = sum / tensor.size();
    return Math.sqrt(Math.max(0, squares / tensor.size() - mean * mean));
  }

  private static Tensor scaled(Tensor tensor, float factor) {
    float[] values = tensor.toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return Tensor.of(values, tensor.shape());
  }
}
