package ernie4j.cli.option;

import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads the number that an option is given. A number out of its range is wrong usage, which picocli
 * reports with the option's name before the command starts.
 */
public abstract class Range<N extends Number> implements ITypeConverter<N> {
  /** Stands for the number that the data suggest. */
  private static final String AUTO = "auto";

  private final String expected;
  private final Function<String, N> parser;
  private final Predicate<N> fits;

  /** A range, in words and as a condition. */
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

  /** How many of something, at least one. */
  public static final class Count extends Range<Integer> {
    Count() {
      super("a whole number from 1 on", Integer::valueOf, n -> n >= 1);
    }
  }

  /** How many of something, or 0 for {@code auto}. */
  public static final class CountOrAuto extends Range<Integer> {
    CountOrAuto() {
      super(
          "a whole number from 1 on, or auto",
          text -> text.equals(AUTO) ? Integer.valueOf(0) : Integer.valueOf(atLeast(text)),
          n -> n >= 0);
    }

    private static int atLeast(String text) {
      int number = Integer.parseInt(text);
      return number == 0 ? -1 : number;
    }
  }

  /** The same for optimizer steps, of which there may be more. */
  public static final class Steps extends Range<Long> {
    Steps() {
      super("a whole number from 1 on", Long::valueOf, n -> n >= 1);
    }
  }

  /** How many of something, or 0 for none. */
  public static final class CountOrNone extends Range<Integer> {
    CountOrNone() {
      super("a whole number from 0 on", Integer::valueOf, n -> n >= 0);
    }
  }

  /** Tokens that a model reads: [CLS], [SEP] and at least one more. */
  public static final class Length extends Range<Integer> {
    Length() {
      super("a whole number from 3 on", Integer::valueOf, n -> n >= 3);
    }
  }

  /** Words of a vocabulary: five special ones are always among them. */
  public static final class Words extends Range<Integer> {
    Words() {
      super("a whole number from 5 on", Integer::valueOf, n -> n >= 5);
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

  /** The largest norm of something. */
  public static final class Norm extends Range<Double> {
    Norm() {
      super("a number above 0, or Infinity", Double::valueOf, x -> x > 0);
    }
  }

  /** A number from 0 on, such as a weight. */
  public static final class NotNegative extends Range<Double> {
    NotNegative() {
      super("a number from 0 on", Double::valueOf, x -> x >= 0 && Double.isFinite(x));
    }
  }

  /** A share that leaves something on both sides. */
  public static final class Part extends Range<Double> {
    Part() {
      super("a number above 0 and below 1", Double::valueOf, x -> x > 0 && x < 1);
    }
  }

  /** A share that may be everything. */
  public static final class PartOrAll extends Range<Double> {
    PartOrAll() {
      super("a number above 0, at most 1", Double::valueOf, x -> x > 0 && x <= 1);
    }
  }

  /** A share that may be nothing or everything. */
  public static final class Share extends Range<Double> {
    Share() {
      super("a number from 0 to 1", Double::valueOf, x -> x >= 0 && x <= 1);
    }
  }

  /** How much of the past a running mean keeps. */
  public static final class Decay extends Range<Double> {
    Decay() {
      super("a number from 0 on, below 1", Double::valueOf, x -> x >= 0 && x < 1);
    }
  }

  /** The probability of a dropout. */
  public static final class Dropout extends Range<Float> {
    Dropout() {
      super("a number from 0 on, below 1", Float::valueOf, x -> x >= 0 && x < 1);
    }
  }
}
