package ernie4j.training.annotation;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How annotations become prompts; the defaults of {@link #defaults} are the reference's.
 *
 * @param negativeRatio prompts without an answer for each one with answers, per text; {@value #ALL}
 *     for all there are. Only training examples are drawn, those to evaluate on are complete
 * @param promptPrefix what a classification asks for, for example {@code 情感倾向}
 * @param options the classes that it offers
 * @param shuffledOptions whether they stand in a new order in every prompt, so that a model learns
 *     to read them
 * @param separator between the label of an entity and its classes, as in {@code 评价维度##正向}
 * @param english prompts as {@code founder of Apple} instead of {@code 苹果的创始人}
 * @param unasked labels of entities that are no prompts; relations may still have them
 * @param neverNegative labels that are asked for only where they have answers
 * @param seed of all that is drawn
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
  /** All negatives. */
  public static final int ALL = -1;

  private static final Pattern NO_OPTION = Pattern.compile(".*[\\[\\],].*|\\s*", Pattern.DOTALL);

  /**
   * Keeps unmodifiable copies.
   *
   * @throws IllegalArgumentException if the ratio is below -1, the separator or the prefix is
   *     blank, or the options are fewer than two, not distinct, or hold what separates them
   */
  public ConversionOptions {
    options = List.copyOf(options);
    unasked = Set.copyOf(unasked);
    neverNegative = Set.copyOf(neverNegative);
    if (negativeRatio < ALL) {
      throw new IllegalArgumentException(
          "ConversionOptions: expected a ratio of negatives from 0 on, or -1 for all, got "
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

  /** Ratio 5, {@code 情感倾向[正向,负向]} with shuffled options, {@code ##}, Chinese, seed 1000. */
  public static ConversionOptions defaults() {
    return new ConversionOptions(
        5, "情感倾向", List.of("正向", "负向"), true, "##", false, Set.of(), Set.of(), 1000);
  }

  /**
   * As {@link #defaults}, with what the reference does with projects of Label Studio, where
   * opinions are annotated as values and objects: {@code 属性值} and {@code object} are not asked for,
   * {@code 观点词} is no negative.
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

  /** These options with another ratio of negatives. */
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

  /** These options with another classification. */
  public ConversionOptions withClasses(String prefix, List<String> names, boolean shuffled) {
    return new ConversionOptions(
        negativeRatio, prefix, names, shuffled, separator, english, unasked, neverNegative, seed);
  }

  /** These options with another separator of labels and classes. */
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

  /** These options with prompts in English or in Chinese. */
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

  /** These options with another seed. */
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
