package ernie4j.spark;

import ernie4j.pipeline.TextPair;
import java.util.ArrayList;
import java.util.List;

/**
 * The texts of some rows, none of them null.
 *
 * @param columns the texts of each column, of equal length: one column, or two for pairs
 */
record TextBatch(List<List<String>> columns) {
  /** A batch of one row. */
  static TextBatch of(String... texts) {
    return new TextBatch(List.of(texts).stream().map(List::of).toList());
  }

  int rows() {
    return columns.get(0).size();
  }

  boolean hasPairs() {
    return columns.size() == 2;
  }

  List<String> texts() {
    return columns.get(0);
  }

  List<TextPair> pairs() {
    List<TextPair> pairs = new ArrayList<>(rows());
    for (int row = 0; row < rows(); row++) {
      pairs.add(new TextPair(columns.get(0).get(row), columns.get(1).get(row)));
    }
    return pairs;
  }

  /** The texts of a row, shortened, for messages. */
  String shown(int row) {
    return String.join(
        " and ", columns.stream().map(column -> '\'' + shortened(column.get(row)) + '\'').toList());
  }

  private static String shortened(String text) {
    int shown = 60;
    return text.length() <= shown ? text : text.substring(0, shown) + "...";
  }
}
