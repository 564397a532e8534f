package ernie4j.engine.encoder;

import static ernie4j.engine.ParameterNames.EMBEDDINGS_NORM;
import static ernie4j.engine.ParameterNames.POSITION_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TASK_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TOKEN_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.WORD_EMBEDDINGS;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.Tensor;
import ernie4j.engine.kernels.Kernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Word + position + token type (+ task type), then layer norm. */
final class EmbeddingLayer {
  private final EncoderConfig config;
  private final Tensor word;
  private final Tensor position;
  private final Tensor tokenType;
  private final @Nullable Tensor taskType;
  private final LayerNorm norm;

  EmbeddingLayer(Kernels kernels, EncoderConfig config, ParameterSource parameters) {
    this.config = config;
    int hidden = config.hiddenSize();
    word = parameters.get(WORD_EMBEDDINGS, config.vocabularySize(), hidden);
    position = parameters.get(POSITION_EMBEDDINGS, config.maxPositions(), hidden);
    tokenType = parameters.get(TOKEN_TYPE_EMBEDDINGS, config.tokenTypes(), hidden);
    taskType =
        config.taskTypes() == 0
            ? null
            : parameters.get(TASK_TYPE_EMBEDDINGS, config.taskTypes(), hidden);
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
    if (batch.id(token) == config.paddingId() && config.zeroPaddingEmbedding()) {
      Arrays.fill(hidden, to, to + size, 0f);
    } else {
      System.arraycopy(word.data(), row(word, batch.id(token)), hidden, to, size);
    }
    add(position, batch.positionId(token, index), hidden, to);
    add(tokenType, batch.typeId(token), hidden, to);
    if (taskType != null) {
      add(taskType, batch.taskTypeId(token), hidden, to);
    }
  }

  private int row(Tensor table, int index) {
    return table.offset() + index * config.hiddenSize();
  }

  private void add(Tensor table, int index, float[] hidden, int to) {
    float[] values = table.data();
    int from = row(table, index);
    for (int j = 0; j < config.hiddenSize(); j++) {
      hidden[to + j] += values[from + j];
    }
  }
}
