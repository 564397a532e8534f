package ernie4j.cli.option;

import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Parses the number of an option. A number out of range is wrong usage, which picocli reports with
 * the name of the option before the command starts.
 */
public abstract class Range<N extends Number> implements ITypeConverter<N> {
  /** Stands for a number chosen from the data. */
  private static final String AUTO = "auto";

  private final String expected;
  private final Function<String, N> parser;
  private final Predicate<N> fits;

  /** A range, as text and as a condition. */
  protected Range(String expected, Function<String, N> parser, Predicate<N> fits) {
    this.expected = expected;
    this.parser = parser;
    this.fits = fits;
  }

  @Override
  public final N convert(String text) {
    N number = parsed(text);
    if (number == null || !fits.test(number)) {
      throw new TypeConversionException("expected %s, got '%s'".formatted(expected, text));
    }
    return number;
  }

  private @Nullable N parsed(String text) {
    try {
      return parser.apply(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** A count, at least one. */
  public static final class Count extends Range<Integer> {
    Count() {
      super("a whole number of at least 1", Integer::valueOf, n -> n >= 1);
    }
  }

  /** A count, or 0 for {@code auto}. */
  public static final class CountOrAuto extends Range<Integer> {
    CountOrAuto() {
      super(
          "a whole number of at least 1, or auto",
          text -> text.equals(AUTO) ? Integer.valueOf(0) : Integer.valueOf(atLeast(text)),
          n -> n >= 0);
    }

    private static int atLeast(String text) {
      int number = Integer.parseInt(text);
      return number == 0 ? -1 : number;
    }
  }

  /** A count of optimizer steps, at least one, which may exceed an int. */
  public static final class Steps extends Range<Long> {
    Steps() {
      super("a whole number of at least 1", Long::valueOf, n -> n >= 1);
    }
  }

  /** A count, or 0 for none. */
  public static final class CountOrNone extends Range<Integer> {
    CountOrNone() {
      super("a whole number of at least 0", Integer::valueOf, n -> n >= 0);
    }
  }

  /** A number of tokens that a model reads: [CLS], [SEP] and at least one more. */
  public static final class Length extends Range<Integer> {
    Length() {
      super("a whole number of at least 3", Integer::valueOf, n -> n >= 3);
    }
  }

  /** A number of words in a vocabulary, which always has five special ones. */
  public static final class Words extends Range<Integer> {
    Words() {
      super("a whole number of at least 5", Integer::valueOf, n -> n >= 5);
    }
  }

  /** Any number. */
  public static final class Finite extends Range<Double> {
    Finite() {
      super("a number", Double::valueOf, Double::isFinite);
    }
  }

  /** A number above 0. */
  public static final class Positive extends Range<Double> {
    Positive() {
      super("a number above 0", Double::valueOf, x -> x > 0 && Double.isFinite(x));
    }
  }

  /** A number above 0, or 0 for {@code auto}. */
  public static final class PositiveOrAuto extends Range<Double> {
    PositiveOrAuto() {
      super(
          "a number above 0, or auto",
          text -> text.equals(AUTO) ? Double.valueOf(0) : Double.valueOf(above(text)),
          x -> x >= 0 && Double.isFinite(x));
    }

    private static double above(String text) {
      double number = Double.parseDouble(text);
      return number == 0 ? -1 : number;
    }
  }

  /** A maximum norm. */
  public static final class Norm extends Range<Double> {
    Norm() {
      super("a number above 0, or Infinity", Double::valueOf, x -> x > 0);
    }
  }

  /** A number that is not negative, such as a weight. */
  public static final class NotNegative extends Range<Double> {
    NotNegative() {
      super("a number of at least 0", Double::valueOf, x -> x >= 0 && Double.isFinite(x));
    }
  }

  /** A share other than 0 and 1. */
  public static final class Part extends Range<Double> {
    Part() {
      super("a number above 0 and below 1", Double::valueOf, x -> x > 0 && x < 1);
    }
  }

  /** A share other than 0. */
  public static final class PartOrAll extends Range<Double> {
    PartOrAll() {
      super("a number above 0, at most 1", Double::valueOf, x -> x > 0 && x <= 1);
    }
  }

  /** A share, 0 and 1 included. */
  public static final class Share extends Range<Double> {
    Share() {
      super("a number from 0 to 1", Double::valueOf, x -> x >= 0 && x <= 1);
    }
  }

  /** The decay of a running mean. */
  public static final class Decay extends Range<Double> {
    Decay() {
      super("a number of at least 0 and below 1", Double::valueOf, x -> x >= 0 && x < 1);
    }
  }

  /** The probability of a dropout. */
  public static final class Dropout extends Range<Float> {
    Dropout() {
      super("a number of at least 0 and below 1", Float::valueOf, x -> x >= 0 && x < 1);
    }
  }
}
