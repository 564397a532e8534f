package ernie4j.engine.head;

/**
 * An output of a head: a linear layer on hidden states or on the pooled output.
 *
 * @param labels the key of its labels in a model, which name its columns; empty if the task says
 *     what the columns are
 * @param layer Paddle's name of the layer; add {@code .weight} or {@code .bias}
 * @param row what a row of its logits stands for
 * @param columns the number of logits in a row; 0 if there are as many as labels
 */
public record HeadOutput(String labels, String layer, Row row, int columns) {
  static HeadOutput labelled(String labels, String layer, Row row) {
    return new HeadOutput(labels, layer, row, 0);
  }

  static HeadOutput fixed(String layer, Row row, int columns) {
    return new HeadOutput("", layer, row, columns);
  }

  /** {@return whether the labels of a model name the columns} */
  public boolean isLabelled() {
    return columns == 0;
  }

  /**
   * Guesses whether a layer found in a model is this one: it has as many outputs as the task says,
   * or, if labels name them, several, since a single class says nothing.
   *
   * @param outputs the number of outputs of the layer found
   * @return whether it is likely to be this layer
   */
  public boolean suits(int outputs) {
    return isLabelled() ? outputs > 1 : outputs == columns;
  }
}
