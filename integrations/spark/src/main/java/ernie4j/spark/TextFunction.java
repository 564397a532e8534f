package ernie4j.spark;

import ernie4j.pipeline.Attempt;
import java.io.Serializable;
import java.util.List;
import java.util.function.Function;

/** Computes answers. It goes to the executors without the model, which it finds there. */
interface TextFunction extends Serializable {
  /** Finds the model, once for each task. */
  Opened open();

  /** A function that has its model. */
  interface Opened {
    /** For each row of a batch the answer as a value of Spark, or why there is none. */
    List<Attempt<Object>> apply(TextBatch batch);
  }

  /** Makes values of Spark of the results of a pipeline. */
  static <R> List<Attempt<Object>> values(List<Attempt<R>> attempts, Function<? super R, ?> value) {
    return attempts.stream().map(attempt -> attempt.<Object>map(value)).toList();
  }
}
