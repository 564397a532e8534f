package ernie4j.engine.head;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How a model makes sentence vectors, according to its options.
 *
 * @param pooling how hidden states become one vector; empty if the model does not say, in which
 *     case {@link SentenceEmbedding#CLS} is used
 * @param normalized whether vectors have length 1
 * @param tanh whether a hyperbolic tangent follows the dense layer, if the model has one
 * @param textPrefix read before every text; may be empty
 * @param queryPrefix read before a query; may be empty
 * @param passagePrefix read before a text that is searched; may be empty
 * @param maxLength the most tokens of a text; empty for all positions
 */
public record EmbeddingOptions(
    Optional<SentenceEmbedding> pooling,
    boolean normalized,
    boolean tanh,
    String textPrefix,
    String queryPrefix,
    String passagePrefix,
    OptionalInt maxLength) {
  /** The keys of these options in a model. */
  static final List<String> KEYS =
      List.of(
          HeadOptions.POOLING,
          HeadOptions.NORMALIZE,
          HeadOptions.DENSE_ACTIVATION,
          HeadOptions.TEXT_PREFIX,
          HeadOptions.QUERY_PREFIX,
          HeadOptions.PASSAGE_PREFIX,
          HeadOptions.MAX_LENGTH);

  /**
   * Reads the options of a model. Other keys are ignored.
   *
   * @param options the options of the model, see {@link HeadOptions}
   * @return the embedding options
   * @throws WrongTaskException if this version does not know a value
   */
  public static EmbeddingOptions of(Map<String, String> options) {
    String text = options.getOrDefault(HeadOptions.TEXT_PREFIX, "");
    return new EmbeddingOptions(
        pooling(options.get(HeadOptions.POOLING)),
        HeadOptions.oneOf(options, HeadOptions.NORMALIZE, "true", "false").equals("true"),
        HeadOptions.oneOf(
                options, HeadOptions.DENSE_ACTIVATION, HeadOptions.IDENTITY, HeadOptions.TANH)
            .equals(HeadOptions.TANH),
        text,
        options.getOrDefault(HeadOptions.QUERY_PREFIX, text),
        options.getOrDefault(HeadOptions.PASSAGE_PREFIX, text),
        length(options.get(HeadOptions.MAX_LENGTH)));
  }

  private static Optional<SentenceEmbedding> pooling(@Nullable String value) {
    if (value == null) {
      return Optional.empty();
    }
    return Optional.of(
        Arrays.stream(SentenceEmbedding.values())
            .filter(known -> known.id().equals(value))
            .findFirst()
            .orElseThrow(
                () ->
                    HeadOptions.wrong(
                        HeadOptions.POOLING,
                        "one of "
                            + Arrays.toString(SentenceEmbedding.values()).toLowerCase(Locale.ROOT),
                        value)));
  }

  private static OptionalInt length(@Nullable String value) {
    if (value == null) {
      return OptionalInt.empty();
    }
    int tokens = value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : 0;
    if (tokens < 4) {
      throw HeadOptions.wrong(HeadOptions.MAX_LENGTH, "at least 4 tokens", value);
    }
    return OptionalInt.of(tokens);
  }
}
