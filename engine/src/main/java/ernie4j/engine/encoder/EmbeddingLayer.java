package ernie4j.engine.encoder;

import static ernie4j.engine.ParameterNames.EMBEDDINGS_NORM;
import static ernie4j.engine.ParameterNames.POSITION_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TASK_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TOKEN_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.WORD_EMBEDDINGS;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.kernels.Kernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Word + position + token type (+ task type), then layer norm. */
final class EmbeddingLayer {
  private final EncoderConfig config;
  private final EmbeddingTable word;
  private final EmbeddingTable position;
  private final EmbeddingTable tokenType;
  private final @Nullable EmbeddingTable taskType;
  private final LayerNorm norm;

  EmbeddingLayer(Kernels kernels, EncoderConfig config, ParameterSource parameters) {
    this.config = config;
    int hidden = config.hiddenSize();
    word = EmbeddingTable.of(parameters, WORD_EMBEDDINGS, config.vocabularySize(), hidden);
    position = EmbeddingTable.of(parameters, POSITION_EMBEDDINGS, config.maxPositions(), hidden);
    tokenType = EmbeddingTable.of(parameters, TOKEN_TYPE_EMBEDDINGS, config.tokenTypes(), hidden);
    taskType =
        config.taskTypes() == 0
            ? null
            : EmbeddingTable.of(parameters, TASK_TYPE_EMBEDDINGS, config.taskTypes(), hidden);
    norm = LayerNorm.of(kernels, parameters, hidden, config.layerNormEpsilon(), EMBEDDINGS_NORM);
  }

  /** Computes the tokens {@code [from, to)} of the batch. */
  void forward(RaggedBatch batch, int from, int to, float[] hidden) {
    int sequence = 0;
    for (int token = from; token < to; token++) {
      while (token >= batch.start(sequence + 1)) {
        sequence++;
      }
      embed(batch, token, token - batch.start(sequence), hidden);
    }
    norm.apply(from, to - from, hidden, null);
  }

  private void embed(RaggedBatch batch, int token, int index, float[] hidden) {
    int size = config.hiddenSize();
    int to = token * size;
    Arrays.fill(hidden, to, to + size, 0f);
    if (batch.id(token) != config.paddingId() || !config.zeroPaddingEmbedding()) {
      word.add(batch.id(token), hidden, to);
    }
    position.add(batch.positionId(token, index), hidden, to);
    tokenType.add(batch.typeId(token), hidden, to);
    if (taskType != null) {
      taskType.add(batch.taskTypeId(token), hidden, to);
    }
  }
}
