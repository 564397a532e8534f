package ernie4j.training.task;

import ernie4j.engine.RaggedBatch;
import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.Truncation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text or a pair as the model reads it.
 *
 * @param ids token ids from [CLS] to [SEP]
 * @param types 1 for the second text and its [SEP], 0 for all other tokens
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Input(int[] ids, int[] types) {
  static Input of(Encoding encoding) {
    return new Input(encoding.ids(), encoding.typeIds());
  }

  /** A text or a pair, whose longer text is cut first. */
  static Input of(TaskSetup setup, String text, @Nullable String pair) {
    Tokenizer tokenizer = setup.tokenizer();
    int maxLength = setup.maxLength();
    return of(
        pair == null
            ? tokenizer.encode(text, Truncation.LONGEST_FIRST, maxLength)
            : tokenizer.encode(text, pair, Truncation.LONGEST_FIRST, maxLength));
  }

  int length() {
    return ids.length;
  }

  static RaggedBatch batch(List<Input> inputs) {
    RaggedBatch batch = RaggedBatch.of(inputs.stream().map(Input::ids).toList());
    boolean pairs = inputs.stream().anyMatch(i -> Arrays.stream(i.types).anyMatch(t -> t != 0));
    return pairs ? batch.withTypeIds(inputs.stream().map(Input::types).toList()) : batch;
  }

  /** A batch of the inputs with the given indices. */
  static RaggedBatch batch(List<Input> inputs, int[] indices) {
    return batch(Arrays.stream(indices).mapToObj(inputs::get).toList());
  }
}
