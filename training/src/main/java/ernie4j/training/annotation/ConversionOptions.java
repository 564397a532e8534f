package ernie4j.training.annotation;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How annotations become prompts. {@link #defaults} are those of the reference.
 *
 * @param negativeRatio negative prompts for each positive one, per text; {@value #ALL} for all. It
 *     applies only to training examples; evaluation examples are complete
 * @param promptPrefix what a classification asks for, for example {@code 情感倾向}
 * @param options the classes that a classification offers
 * @param shuffledOptions whether every prompt lists the options in a new order, so that a model
 *     learns to read them
 * @param separator the string between the label of an entity and its classes, as in {@code
 *     评价维度##正向}
 * @param english whether prompts have the form {@code founder of Apple} instead of {@code 苹果的创始人}
 * @param unasked labels of entities that do not become prompts; relations may still use them
 * @param neverNegative labels that do not become negative prompts
 * @param seed determines all random choices
 */
public record ConversionOptions(
    int negativeRatio,
    String promptPrefix,
    List<String> options,
    boolean shuffledOptions,
    String separator,
    boolean english,
    Set<String> unasked,
    Set<String> neverNegative,
    long seed) {
  /** The ratio that keeps all negatives. */
  public static final int ALL = -1;

  private static final Pattern NO_OPTION = Pattern.compile(".*[\\[\\],].*|\\s*", Pattern.DOTALL);

  /**
   * Keeps unmodifiable copies.
   *
   * @throws IllegalArgumentException if the ratio is below -1, the separator or the prefix is
   *     blank, or there are fewer than two options, some are equal, or one contains a character
   *     that separates options
   */
  public ConversionOptions {
    options = List.copyOf(options);
    unasked = Set.copyOf(unasked);
    neverNegative = Set.copyOf(neverNegative);
    if (negativeRatio < ALL) {
      throw new IllegalArgumentException(
          "ConversionOptions: expected a ratio of negatives of at least 0, or -1 for all, got "
              + negativeRatio);
    }
    if (separator.isEmpty() || promptPrefix.isBlank()) {
      throw new IllegalArgumentException(
          "ConversionOptions: expected a separator and a prefix of prompts, got '%s' and '%s'"
              .formatted(separator, promptPrefix));
    }
    boolean readable = options.stream().noneMatch(o -> NO_OPTION.matcher(o).matches());
    if (options.size() < 2 || Set.copyOf(options).size() != options.size() || !readable) {
      throw new IllegalArgumentException(
          "ConversionOptions: expected at least two different options without brackets and commas, got "
              + options);
    }
  }

  /**
   * {@return the options of the reference: ratio 5, {@code 情感倾向[正向,负向]} with shuffled options,
   * {@code ##}, Chinese, seed 1000}
   */
  public static ConversionOptions defaults() {
    return new ConversionOptions(
        5, "情感倾向", List.of("正向", "负向"), true, "##", false, Set.of(), Set.of(), 1000);
  }

  /**
   * Like {@link #defaults}, with the reference's treatment of projects of Label Studio, in which
   * opinions are annotated as values and objects.
   *
   * @return options that do not ask for {@code 属性值} and {@code object}, and never ask for {@code
   *     观点词} in negatives
   */
  public static ConversionOptions labelStudio() {
    ConversionOptions d = defaults();
    return new ConversionOptions(
        d.negativeRatio,
        d.promptPrefix,
        d.options,
        d.shuffledOptions,
        d.separator,
        d.english,
        Set.of("属性值", "object"),
        Set.of("观点词"),
        d.seed);
  }

  /**
   * Replaces the ratio of negatives.
   *
   * @param ratio negative prompts for each positive one, per text; {@link #ALL} for all
   * @return a copy of these options with this ratio
   */
  public ConversionOptions withNegativeRatio(int ratio) {
    return new ConversionOptions(
        ratio,
        promptPrefix,
        options,
        shuffledOptions,
        separator,
        english,
        unasked,
        neverNegative,
        seed);
  }

  /**
   * Replaces the classification.
   *
   * @param prefix what it asks for
   * @param names the classes that it offers
   * @param shuffled whether every prompt lists them in a new order
   * @return a copy of these options with this classification
   */
  public ConversionOptions withClasses(String prefix, List<String> names, boolean shuffled) {
    return new ConversionOptions(
        negativeRatio, prefix, names, shuffled, separator, english, unasked, neverNegative, seed);
  }

  /**
   * Replaces the separator of labels and classes.
   *
   * @param newSeparator the string between the label of an entity and its classes
   * @return a copy of these options with this separator
   */
  public ConversionOptions withSeparator(String newSeparator) {
    return new ConversionOptions(
        negativeRatio,
        promptPrefix,
        options,
        shuffledOptions,
        newSeparator,
        english,
        unasked,
        neverNegative,
        seed);
  }

  /**
   * Selects the language of prompts.
   *
   * @param inEnglish true for English, false for Chinese
   * @return a copy of these options for this language
   */
  public ConversionOptions withEnglish(boolean inEnglish) {
    return new ConversionOptions(
        negativeRatio,
        promptPrefix,
        options,
        shuffledOptions,
        separator,
        inEnglish,
        unasked,
        neverNegative,
        seed);
  }

  /**
   * Replaces the seed.
   *
   * @param newSeed determines all random choices
   * @return a copy of these options with this seed
   */
  public ConversionOptions withSeed(long newSeed) {
    return new ConversionOptions(
        negativeRatio,
        promptPrefix,
        options,
        shuffledOptions,
        separator,
        english,
        unasked,
        neverNegative,
        newSeed);
  }
}
