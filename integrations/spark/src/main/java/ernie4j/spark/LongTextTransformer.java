package ernie4j.spark;

import ernie4j.pipeline.LongText;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;

/**
 * A transformer that can be told what to do with texts of more tokens than the model reads at once.
 *
 * @param <T> the transformer itself
 */
public abstract class LongTextTransformer<T extends LongTextTransformer<T>>
    extends ErnieTransformer<T> {
  private static final long serialVersionUID = 1;

  private final Param<String> longText;

  /**
   * @param first the default policy, which is the pipeline's
   * @param windows whether the pipeline can read a long text in windows
   */
  LongTextTransformer(String uid, LongText first, boolean windows) {
    super(uid);
    List<String> policies =
        windows ? List.of("error", "truncate", "window") : List.of("error", "truncate");
    longText =
        new Param<>(
            this,
            "longText",
            "what happens to a text of more tokens than the model reads at once: one of "
                + String.join(", ", policies),
            ParamValidators.inArray(policies));
    setDefault(longText, first.name().toLowerCase(Locale.ROOT));
  }

  /** What happens to a text that is too long. */
  public final Param<String> longText() {
    return longText;
  }

  /**
   * Sets what happens to a text of more tokens than the model reads at once: with {@code error} it
   * cannot be read, {@code truncate} ignores its end; embedders and taggers also know {@code
   * window}, which reads all of it.
   */
  public T setLongText(String policy) {
    return with(longText, policy);
  }

  /** What happens to a text that is too long. */
  public String getLongText() {
    return getOrDefault(longText);
  }

  final LongText policy() {
    return LongText.valueOf(getLongText().toUpperCase(Locale.ROOT));
  }
}
