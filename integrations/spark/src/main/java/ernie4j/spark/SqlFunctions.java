package ernie4j.spark;

import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.jspecify.annotations.Nullable;

/** Functions as Spark calls them, for one row at a time. */
final class SqlFunctions {
  private SqlFunctions() {}

  /** Opens a function when it is first called; every task has a copy of its own. */
  private abstract static class Calls implements java.io.Serializable {
    private static final long serialVersionUID = 1;

    private final CheckedFunction function;
    private transient volatile CheckedFunction.@Nullable Opened opened;

    Calls(CheckedFunction function) {
      this.function = function;
    }

    final @Nullable Object answer(TextBatch row) {
      CheckedFunction.Opened own = opened;
      if (own == null) {
        own = function.open();
        opened = own;
      }
      return own.apply(row).get(0);
    }
  }

  /** A function of a text. */
  static final class OfText extends Calls implements UDF1<@Nullable String, @Nullable Object> {
    private static final long serialVersionUID = 1;

    OfText(CheckedFunction function) {
      super(function);
    }

    @Override
    public @Nullable Object call(@Nullable String text) {
      return text == null ? null : answer(TextBatch.of(text));
    }
  }

  /** A function of two texts that are read together. */
  static final class OfPair extends Calls
      implements UDF2<@Nullable String, @Nullable String, @Nullable Object> {
    private static final long serialVersionUID = 1;

    OfPair(CheckedFunction function) {
      super(function);
    }

    @Override
    public @Nullable Object call(@Nullable String first, @Nullable String second) {
      return first == null || second == null ? null : answer(TextBatch.of(first, second));
    }
  }
}
