package ernie4j.spark;

import ernie4j.pipeline.LongText;
import java.util.List;
import org.apache.spark.ml.param.Param;

/**
 * A transformer that reads texts or, if a second column is set, pairs of texts.
 *
 * @param <T> the transformer itself
 */
public abstract class PairTransformer<T extends PairTransformer<T>> extends LongTextTransformer<T> {
  private static final long serialVersionUID = 1;

  private final Param<String> secondInputCol;

  PairTransformer(String uid) {
    super(uid, LongText.ERROR, false);
    secondInputCol = new Param<>(this, "secondInputCol", "the column of the second texts of pairs");
  }

  /** The column of second texts. */
  public final Param<String> secondInputCol() {
    return secondInputCol;
  }

  /**
   * Sets the column of the second text of each pair, for example a document for the query in the
   * first. If one of a pair is null, so is the answer.
   */
  public T setSecondInputCol(String column) {
    return with(secondInputCol, column);
  }

  /** The name of the column of second texts. */
  public String getSecondInputCol() {
    return required(secondInputCol);
  }

  @Override
  final List<Param<String>> inputs() {
    return isDefined(secondInputCol) ? List.of(inputCol(), secondInputCol) : super.inputs();
  }
}
