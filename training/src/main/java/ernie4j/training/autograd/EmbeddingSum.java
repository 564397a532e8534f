package ernie4j.training.autograd;

import ernie4j.engine.RaggedBatch;

/**
 * Word + position + token type (+ task type) of every token. The backward pass adds rows to the
 * tables' gradients.
 */
final class EmbeddingSum {
  private EmbeddingSum() {}

  static Variable apply(Tape tape, RaggedBatch batch, EmbeddingTables tables) {
    int hidden = tables.word().columns();
    Variable sum = tape.result(batch.tokens(), hidden, true);
    // Columns are distributed over threads, so that two threads never add to the same element of a
    // table.
    tape.parallel()
        .run(
            hidden,
            16,
            (part, from, to) -> {
              for (int s = 0; s < batch.sequences(); s++) {
                for (int i = 0; i < batch.length(s); i++) {
                  lookUp(batch, batch.start(s) + i, i, tables, sum.value(), from, to);
                }
              }
            });
    tape.record(
        () ->
            tape.parallel()
                .run(
                    hidden,
                    16,
                    (part, from, to) -> {
                      for (int s = 0; s < batch.sequences(); s++) {
                        for (int i = 0; i < batch.length(s); i++) {
                          scatter(batch, batch.start(s) + i, i, tables, sum.gradient(), from, to);
                        }
                      }
                    }));
    return sum;
  }

  private static void lookUp(
      RaggedBatch batch, int token, int index, EmbeddingTables t, float[] sum, int from, int to) {
    int hidden = t.word().columns();
    int row = token * hidden;
    int word = batch.id(token);
    float[] words = t.word().value();
    for (int j = from; j < to; j++) {
      sum[row + j] = word == t.zeroId() ? 0f : words[word * hidden + j];
    }
    addRow(t.position().value(), batch.positionId(token, index) * hidden, sum, row, from, to);
    addRow(t.tokenType().value(), batch.typeId(token) * hidden, sum, row, from, to);
    if (t.taskType() != null) {
      addRow(t.taskType().value(), batch.taskTypeId(token) * hidden, sum, row, from, to);
    }
  }

  private static void scatter(
      RaggedBatch batch, int token, int index, EmbeddingTables t, float[] d, int from, int to) {
    int hidden = t.word().columns();
    int row = token * hidden;
    int word = batch.id(token);
    if (word != t.zeroId()) {
      addRow(d, row, t.word().gradient(), word * hidden, from, to);
    }
    int position = batch.positionId(token, index);
    addRow(d, row, t.position().gradient(), position * hidden, from, to);
    addRow(d, row, t.tokenType().gradient(), batch.typeId(token) * hidden, from, to);
    if (t.taskType() != null) {
      addRow(d, row, t.taskType().gradient(), batch.taskTypeId(token) * hidden, from, to);
    }
  }

  private static void addRow(float[] x, int xRow, float[] sum, int sumRow, int from, int to) {
    for (int j = from; j < to; j++) {
      sum[sumRow + j] += x[xRow + j];
    }
  }
}
