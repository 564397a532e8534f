package ernie4j.engine.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ernie4j.engine.KernelsUnderTest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every method of {@link Kernels}, found by reflection, with one valid call and every way to spoil
 * one argument of it: the call must be refused with a message that names the operation, and no
 * array may have changed. A method without a recipe fails the test.
 */
class KernelContractTest {
  private static final int M = 5;
  private static final int K = 7;
  private static final int N = 9;
  private static final int LENGTH = 400;

  /**
   * Arguments that look like sizes; everything else of type int is an offset or a leading
   * dimension.
   */
  private static final List<String> SIZES =
      List.of("n", "m", "rows", "columns", "count", "tokens", "heads", "headSize");

  private static float[] array() {
    Random random = new Random(1);
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  private static PackedMatrix packed(Kernels kernels) {
    PackedMatrix packed = kernels.newPackedMatrix(K, N);
    kernels.pack(array(), 0, N, false, packed, 0, N);
    return packed;
  }

  private static Object[] int8Product(Kernels kernels) {
    Int8Matrix b = kernels.newInt8Matrix(K, N, array());
    return new Object[] {M, array(), 3, K, 1f, b, array(), Epilogue.GELU, array(), 2, N + 1};
  }

  /** One valid call of every method; null stands for an argument that may be absent. */
  private static Map<String, Supplier<Object[]>> recipes(Kernels kernels) {
    return Map.ofEntries(
        Map.entry("newPackedMatrix", () -> new Object[] {K, N}),
        Map.entry("newBfloat16Matrix", () -> new Object[] {K, N}),
        Map.entry("pack", () -> new Object[] {array(), 3, N, false, packed(kernels), 0, N}),
        Map.entry("packBlock", () -> new Object[] {2, N, array(), 3, N, packed(kernels), 1, 0}),
        Map.entry("newInt8Matrix", () -> new Object[] {K, N, array()}),
        Map.entry(
            "packCodes",
            () ->
                new Object[] {
                  2, N, new byte[99], 3, N, kernels.newInt8Matrix(K, N, array()), 1, 0
                }),
        Map.entry(
            "gemm",
            () ->
                new Object[] {
                  M, array(), 3, K, packed(kernels), array(), Epilogue.GELU, array(), 2, N + 1
                }),
        Map.entry("gemmInt8", () -> int8Product(kernels)),
        Map.entry("transpose", () -> new Object[] {M, N, array(), 1, N, array(), 2, M}),
        Map.entry("softmax", () -> new Object[] {M, N, array(), 1, N}),
        Map.entry(
            "layerNorm",
            () ->
                new Object[] {
                  M, N, array(), array(), 1, N, array(), array(), 1e-5f, array(), 2, N, array(), 1
                }),
        Map.entry(
            "layerNormBackward",
            () -> new Object[] {M, N, array(), array(), 1, array(), array(), array(), 1, N}),
        Map.entry("gelu", () -> new Object[] {N, array(), 1, array(), 2}),
        Map.entry("geluBackward", () -> new Object[] {N, array(), 1, array(), 2, array(), 3}),
        Map.entry("tanh", () -> new Object[] {N, array(), 1, array(), 2}),
        Map.entry("attentionScratch", () -> new Object[] {M, K}),
        Map.entry(
            "attention",
            () ->
                new Object[] {
                  M,
                  2,
                  3,
                  0.5f,
                  array(),
                  0,
                  6,
                  12,
                  18,
                  array(),
                  1,
                  array(),
                  2,
                  6,
                  new float[kernels.attentionScratch(M, 3)]
                }),
        Map.entry("dropout", () -> new Object[] {N, array(), 1, array(), 2, 0.5f, 7L, 0}),
        Map.entry("columnSums", () -> new Object[] {M, N, array(), 1, N, array(), 2}));
  }

  @TestFactory
  Stream<DynamicTest> everyMethodRefusesEveryBadArgument() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Kernels kernels : KernelsUnderTest.all()) {
      for (Method method : Kernels.class.getDeclaredMethods()) {
        boolean computes =
            !List.of("name", "isMachineCode", "awaitHandOver", "toString", "multiplyBfloat16")
                .contains(method.getName());
        int modifiers = method.getModifiers();
        if (!Modifier.isPublic(modifiers) || Modifier.isStatic(modifiers) || !computes) {
          continue;
        }
        tests.add(
            DynamicTest.dynamicTest(
                method.getName() + " on " + kernels.name(), () -> check(kernels, method)));
      }
    }
    return tests.stream();
  }

  private static void check(Kernels kernels, Method method) throws ReflectiveOperationException {
    Supplier<Object[]> recipe =
        Objects.requireNonNull(
            recipes(kernels).get(method.getName()), "no recipe for " + method.getName());
    method.invoke(kernels, recipe.get());
    Parameter[] parameters = method.getParameters();
    int refused = 0;
    for (int p = 0; p < parameters.length; p++) {
      for (Object bad : badValues(method, parameters[p], recipe.get()[p])) {
        Object[] arguments = recipe.get();
        arguments[p] = bad;
        refused += refuses(kernels, method, arguments, parameters[p].getName() + " = " + text(bad));
      }
    }
    refused += aliases(kernels, method, recipe);
    assertThat(refused).isPositive();
  }

  private static boolean isFactory(Method method) {
    return method.getName().startsWith("new");
  }

  private static List<Object> badValues(Method method, Parameter parameter, Object valid) {
    String name = parameter.getName();
    if (valid instanceof Integer) {
      boolean free = name.equals("index") || name.equals("column");
      if (SIZES.contains(name)) {
        // Where no array is given, any size that can be stored is fine.
        return Stream.of(method.getParameterTypes())
                .anyMatch(
                    type -> (type == float[].class && !isFactory(method)) || type == byte[].class)
            ? List.of(0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, LENGTH)
            : List.of(0, -1, Integer.MIN_VALUE);
      }
      if (name.startsWith("ld")) {
        return List.of(0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1);
      }
      if (name.equals("column")) {
        return List.of(-1, 1, Integer.MAX_VALUE);
      }
      return free ? List.of() : List.of(-1, LENGTH, Integer.MAX_VALUE, Integer.MIN_VALUE);
    }
    if (valid instanceof float[] array && array.length > 0) {
      return List.of(new float[0], new float[1]);
    }
    if (valid instanceof Float) {
      return switch (name) {
        case "epsilon" -> List.of(-1f, Float.NaN);
        case "probability" -> List.of(-0.1f, 1f, Float.NaN);
        case "scale" ->
            method.getName().startsWith("gemmInt8")
                ? List.of(-1f, Float.NaN, Float.POSITIVE_INFINITY)
                : List.of();
        default -> List.of();
      };
    }
    if (valid instanceof PackedMatrix own) {
      return List.of(new Foreign(own.rows(), own.columns()));
    }
    if (valid instanceof Int8Matrix) {
      return List.of(new ForeignInt8());
    }
    if (valid instanceof Epilogue) {
      return List.of(Epilogue.ADD); // there is a bias
    }
    if (valid instanceof byte[]) {
      return List.of(new byte[0], new byte[1]);
    }
    return List.of();
  }

  /** A form that no provider knows. */
  private static final class Foreign extends PackedMatrix {
    Foreign(int rows, int columns) {
      reshape(rows, columns);
    }

    @Override
    protected void resize() {}

    @Override
    protected void copy(
        int height, int width, float[] b, int bOffset, int ldb, int row, int column) {}

    @Override
    protected void copyTransposed(float[] b, int bOffset, int ldb, int column, int count) {}
  }

  /** A form that no provider knows. */
  private static final class ForeignInt8 extends Int8Matrix {
    ForeignInt8() {
      super(K, N, new float[N]);
    }

    @Override
    protected void copy(
        int height, int width, byte[] b, int bOffset, int ldb, int row, int column) {}

    @Override
    public void decode(int row, int height, int column, int width, float[][] into) {}
  }

  /** Two arguments are the same array, with offsets so that they overlap in part. */
  private static int aliases(Kernels kernels, Method method, Supplier<Object[]> recipe)
      throws ReflectiveOperationException {
    int refused = 0;
    Parameter[] parameters = method.getParameters();
    for (int in = 0; in < parameters.length; in++) {
      for (int out = in + 1; out < parameters.length; out++) {
        boolean writes = outputs(method).contains(parameters[out].getName());
        if (!writes || parameters[in].getType() != float[].class) {
          continue;
        }
        Object[] arguments = recipe.get();
        arguments[out] = arguments[in];
        refused +=
            refuses(
                kernels,
                method,
                arguments,
                parameters[in].getName() + " overlaps " + parameters[out].getName());
      }
    }
    return refused;
  }

  private static List<String> outputs(Method method) {
    return method.getName().equals("layerNorm")
        ? List.of("y", "statistics")
        : List.of("y", "c", "dx", "context");
  }

  private static int refuses(Kernels kernels, Method method, Object[] arguments, String what)
      throws ReflectiveOperationException {
    List<float[]> before = new ArrayList<>();
    for (Object argument : arguments) {
      before.add(argument instanceof float[] array ? array.clone() : new float[0]);
    }
    Throwable refusal = catchThrowable(() -> invoke(method, kernels, arguments));
    assertThat(refusal)
        .as("%s with %s", method.getName(), what)
        .isInstanceOfAny(IllegalArgumentException.class, ArithmeticException.class)
        .hasMessageMatching("(?s)" + method.getName() + ".*|integer overflow");
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] instanceof float[] array) {
        assertThat(Arrays.equals(array, before.get(i)))
            .as("array %d is unchanged after %s with %s", i, method.getName(), what)
            .isTrue();
      }
    }
    return 1;
  }

  private static void invoke(Method method, Kernels kernels, Object[] arguments) throws Throwable {
    try {
      method.invoke(kernels, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static String text(Object bad) {
    return bad instanceof float[] array ? Arrays.toString(array) : bad.toString();
  }
}
