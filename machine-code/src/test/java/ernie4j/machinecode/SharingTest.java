package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many threads, several class loaders, and a collector that keeps moving arrays. */
class SharingTest {
  static Stream<Int8Form> forms() {
    return Machine.forms();
  }

  /** All threads first assemble the same functions, and then compute with their own operands. */
  @ParameterizedTest
  @MethodSource("forms")
  void manyThreads(Int8Form form) throws Exception {
    FloatProduct floats = Machine.floatProduct(form);
    Int8Product codes = Machine.int8Product(form);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      int seed = t;
      tasks.add(
          () -> {
            Products products = new Products(form, floats, codes, seed);
            for (int i = 0; i < 500; i++) {
              products.compare(1 + (i + seed) % 20);
            }
            return null;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  /** A million calls, while another thread collects: arrays move between calls, never within. */
  @ParameterizedTest
  @MethodSource("forms")
  void aMillionCallsSurviveGarbageCollections(Int8Form form) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    int[] collections = {0};
    Thread collector =
        new Thread(
            () -> {
              while (!done.get()) {
                System.gc();
                collections[0]++;
              }
            });
    collector.start();
    try {
      Products products =
          new Products(form, Machine.floatProduct(form), Machine.int8Product(form), 5);
      for (int i = 0; i < 340_000; i++) { // three calls each
        products.compare(1 + i % 3);
      }
    } finally {
      done.set(true);
      collector.join();
    }
    assertThat(collections[0]).isGreaterThan(20);
  }

  /** Products whose results are known, with fresh arrays for every call. */
  private static final class Products {
    private static final int ROWS = 20;
    private static final int K = 21;
    private static final int N = 19;

    private final FloatProduct floats;
    private final Int8Product codes;
    private final float[] a;
    private final float[] bias;
    private final FloatPanels floatPanels;
    private final Int8Panels codePanels;
    private final float[] expectedFloats = new float[ROWS * N];
    private final float[] expectedCodes = new float[ROWS * N];

    Products(Int8Form form, FloatProduct floats, Int8Product codes, int seed) {
      this.floats = floats;
      this.codes = codes;
      Random random = new Random(seed);
      a = Values.normal(random, ROWS * K);
      bias = Values.normal(random, N);
      PlainProducts.Operand b = Values.operand(random, K, N);
      PlainProducts.Codes q = Values.codes(random, K, N);
      floatPanels = Values.panels(Blocking.of(form.bits()), b);
      codePanels = Values.panels(form, q);
      Variant.Start start = Variant.Start.BIAS;
      PlainProducts.multiply(ROWS, a, 0, K, b, start, bias, true, expectedFloats, 0, N);
      PlainProducts.multiply(ROWS, a, 0, K, 0, q, bias, false, expectedCodes, 0, N);
    }

    void compare(int m) {
      float[] x = Arrays.copyOf(a, m * K);
      float[] c = new float[m * N];
      floats.run(m, x, 0, K, floatPanels, Variant.Start.BIAS, bias, true, c, 0, N);
      same(c, expectedFloats);
      codes.run(m, x, 0, K, 0, codePanels, bias, false, c, 0, N);
      same(c, expectedCodes);
    }

    private static void same(float[] got, float[] expected) {
      if (!Arrays.equals(got, 0, got.length, expected, 0, got.length)) {
        throw new AssertionError("other bits: " + Arrays.toString(got));
      }
    }
  }

  /** Runs in its own class loader. */
  static final class InALoader implements Callable<Boolean> {
    @Override
    public Boolean call() {
      Machine.forms()
          .forEach(
              form -> {
                FloatProduct floats = Machine.floatProduct(form);
                new Products(form, floats, Machine.int8Product(form), 1).compare(7);
              });
      return true;
    }
  }

  /** As in a server with two applications: when one ends, its loader and code are unloaded. */
  @Test
  void classLoadersAreIndependentAndCanBeUnloaded() throws Exception {
    Machine.forms().close();
    URLClassLoader first = loader();
    URLClassLoader second = loader();
    Callable<?> inFirst = task(first);
    Callable<?> inSecond = task(second);
    assertThat(inFirst.getClass()).isNotEqualTo(inSecond.getClass());
    assertThat(inFirst.call()).isEqualTo(true);
    assertThat(inSecond.call()).isEqualTo(true);

    WeakReference<URLClassLoader> ended = ended(first);
    first = null;
    inFirst = null;
    for (int i = 0; i < 200 && ended.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(ended.get()).isNull();
    assertThat(inSecond.call()).isEqualTo(true);
    second.close();
  }

  private static WeakReference<URLClassLoader> ended(URLClassLoader loader) throws Exception {
    loader.close();
    return new WeakReference<>(loader);
  }

  private static Callable<?> task(ClassLoader loader) throws Exception {
    Class<?> type = loader.loadClass(InALoader.class.getName());
    var constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    return (Callable<?>) constructor.newInstance();
  }

  private static URLClassLoader loader() throws Exception {
    List<URL> path = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      path.add(new File(entry).toURI().toURL());
    }
    return new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }
}
