package ernie4j.spark;

import ernie4j.pipeline.Attempt;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function and what happens to texts that it cannot read.
 *
 * @param name the transformer, for messages
 * @param keep whether such a text gives null; otherwise it ends the job
 */
record CheckedFunction(String name, TextFunction function, boolean keep) implements Serializable {
  /** The answer for each row of a batch. */
  interface Opened {
    List<@Nullable Object> apply(TextBatch batch);
  }

  Opened open() {
    TextFunction.Opened opened = function.open();
    return batch -> {
      List<Attempt<Object>> attempts = opened.apply(batch);
      List<@Nullable Object> answers = new ArrayList<>(attempts.size());
      for (int row = 0; row < attempts.size(); row++) {
        answers.add(answer(attempts.get(row), batch, row));
      }
      return answers;
    };
  }

  private @Nullable Object answer(Attempt<Object> attempt, TextBatch batch, int row) {
    if (attempt.isSuccess()) {
      return attempt.result();
    }
    if (keep) {
      return null;
    }
    throw new IllegalArgumentException(
        "%s: the text %s cannot be read: %s; with handleInvalid=keep its answer is null"
            .formatted(name, batch.shown(row), attempt.error().orElse("")));
  }
}
