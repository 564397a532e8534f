package ernie4j.bench.jmh;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;

/**
 * One measured kernel.
 *
 * @param kernel its name
 * @param shape of its input
 * @param provider the implementation
 * @param nanoseconds of a call
 * @param error half of the 99.9 % interval, nanoseconds; NaN if there were too few iterations
 * @param multiplyAdds products that a call adds up, if that is its work
 * @param elements values of its result, if it works element by element
 */
record KernelResult(
    String kernel,
    String shape,
    String provider,
    double nanoseconds,
    double error,
    OptionalDouble multiplyAdds,
    OptionalDouble elements) {
  private static final String FLOAT_PRODUCT = "gemm";
  private static final String INT8_PRODUCT = "gemmInt8";

  /**
   * What a benchmark measured.
   *
   * @param benchmark the method's qualified name
   * @param parameters gives a parameter's value
   */
  static KernelResult of(
      String benchmark, UnaryOperator<String> parameters, double nanoseconds, double error) {
    String[] names = benchmark.split("\\.", -1);
    String type = names[names.length - 2];
    String shape;
    OptionalDouble multiplyAdds = OptionalDouble.empty();
    OptionalDouble elements = OptionalDouble.empty();
    switch (type) {
      case "GemmTime", "BackpropTime" -> {
        shape = parameters.apply("shape");
        multiplyAdds = OptionalDouble.of(Product.of(shape).multiplyAdds());
      }
      case "RowTime" -> {
        shape = parameters.apply("matrix");
        int cross = shape.indexOf('x');
        elements =
            OptionalDouble.of(
                Double.parseDouble(shape.substring(0, cross))
                    * Double.parseDouble(shape.substring(cross + 1)));
      }
      case "AttentionTime" -> {
        double tokens = Double.parseDouble(parameters.apply("tokens"));
        double headSize = Double.parseDouble(parameters.apply("headSize"));
        shape = "%.0f tokens, %d x %.0f".formatted(tokens, AttentionTime.HEADS, headSize);
        multiplyAdds = OptionalDouble.of(2 * tokens * tokens * headSize * AttentionTime.HEADS);
      }
      default ->
          throw new IllegalArgumentException(
              "kernels: no rule for the work of " + benchmark + "; add one to KernelResult");
    }
    return new KernelResult(
        names[names.length - 1],
        shape,
        parameters.apply("provider").toLowerCase(Locale.ROOT),
        nanoseconds,
        error,
        multiplyAdds,
        elements);
  }

  /** GMAC/s, which is multiply-adds per nanosecond. */
  OptionalDouble multiplyAddRate() {
    return multiplyAdds.isPresent()
        ? OptionalDouble.of(multiplyAdds.getAsDouble() / nanoseconds)
        : OptionalDouble.empty();
  }

  /** GFLOP/s; empty for products of integers. */
  OptionalDouble rate() {
    OptionalDouble rate = multiplyAddRate();
    return rate.isPresent() && !kernel.equals(INT8_PRODUCT)
        ? OptionalDouble.of(2 * rate.getAsDouble())
        : OptionalDouble.empty();
  }

  /**
   * The speed of this product in int8 relative to the same one in float32, if both were measured.
   */
  OptionalDouble timesFloat(List<KernelResult> all) {
    if (!kernel.equals(INT8_PRODUCT)) {
      return OptionalDouble.empty();
    }
    return all.stream()
        .filter(
            other ->
                other.kernel.equals(FLOAT_PRODUCT)
                    && other.shape.equals(shape)
                    && other.provider.equals(provider))
        .mapToDouble(other -> other.nanoseconds / nanoseconds)
        .findFirst();
  }

  OptionalDouble nanosecondsPerElement() {
    return elements.isPresent()
        ? OptionalDouble.of(nanoseconds / elements.getAsDouble())
        : OptionalDouble.empty();
  }

  OptionalDouble errorPercent() {
    return Double.isNaN(error)
        ? OptionalDouble.empty()
        : OptionalDouble.of(100 * error / nanoseconds);
  }
}
