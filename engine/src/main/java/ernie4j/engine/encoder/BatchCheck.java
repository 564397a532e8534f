package ernie4j.engine.encoder;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.RaggedBatch;

/** Checks a batch against a model before anything is computed. */
public final class BatchCheck {
  private BatchCheck() {}

  /**
   * Checks that every id of the batch has a row in the model's embeddings.
   *
   * @param config the shape of the encoder
   * @param batch the batch to compute
   * @throws IllegalArgumentException if a sequence is too long or an id is outside its table
   */
  public static void check(EncoderConfig config, RaggedBatch batch) {
    for (int s = 0; s < batch.sequences(); s++) {
      int first = batch.start(s);
      for (int i = 0; i < batch.length(s); i++) {
        int token = first + i;
        within("token id", batch.id(token), config.vocabularySize(), s, i);
        if (batch.positionId(token, i) >= config.maxPositions()) {
          throw new IllegalArgumentException(
              String.format(
                  "Encoder: sequence %d has %d tokens, the model has %d positions; truncate or split the text",
                  s, batch.length(s), config.maxPositions()));
        }
        within("position id", batch.positionId(token, i), config.maxPositions(), s, i);
        within("token type id", batch.typeId(token), config.tokenTypes(), s, i);
        if (config.taskTypes() > 0) {
          within("task type id", batch.taskTypeId(token), config.taskTypes(), s, i);
        }
      }
    }
  }

  private static void within(String name, int value, int limit, int sequence, int index) {
    if (value < 0 || value >= limit) {
      throw new IllegalArgumentException(
          String.format(
              "Encoder: %s %d at index %d of sequence %d is outside [0, %d); was the text tokenized with this model's vocabulary?",
              name, value, index, sequence, limit));
    }
  }
}
