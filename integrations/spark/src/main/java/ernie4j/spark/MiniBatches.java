package ernie4j.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/**
 * Adds answers to the rows of a partition, one mini-batch at a time. Texts stay as long as they
 * are: the engine does not pad.
 *
 * @param columns the indices of the columns of texts
 * @param batchSize rows of a mini-batch
 */
record MiniBatches(CheckedFunction function, List<Integer> columns, int batchSize)
    implements MapPartitionsFunction<Row, Row> {
  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    CheckedFunction.Opened opened = function.open();
    Queue<Row> answered = new ArrayDeque<>(batchSize);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return !answered.isEmpty() || rows.hasNext();
      }

      @Override
      public Row next() {
        if (answered.isEmpty()) {
          if (!rows.hasNext()) {
            throw new NoSuchElementException();
          }
          answered.addAll(answer(opened, batch(rows)));
        }
        return answered.remove();
      }
    };
  }

  private List<Row> batch(Iterator<Row> rows) {
    List<Row> batch = new ArrayList<>(batchSize);
    while (batch.size() < batchSize && rows.hasNext()) {
      batch.add(rows.next());
    }
    return batch;
  }

  private List<Row> answer(CheckedFunction.Opened opened, List<Row> rows) {
    List<List<String>> texts = new ArrayList<>();
    for (int column : columns) {
      texts.add(rows.stream().filter(this::isComplete).map(row -> row.getString(column)).toList());
    }
    TextBatch batch = new TextBatch(texts);
    Iterator<@Nullable Object> answers =
        batch.rows() == 0 ? List.<@Nullable Object>of().iterator() : opened.apply(batch).iterator();
    return rows.stream().map(row -> with(row, isComplete(row) ? answers.next() : null)).toList();
  }

  private boolean isComplete(Row row) {
    for (int column : columns) {
      if (row.isNullAt(column)) {
        return false;
      }
    }
    return true;
  }

  private static Row with(Row row, @Nullable Object answer) {
    @Nullable Object[] values = new Object[row.length() + 1];
    for (int i = 0; i < row.length(); i++) {
      values[i] = row.get(i);
    }
    values[row.length()] = answer;
    return RowFactory.create(values);
  }
}
