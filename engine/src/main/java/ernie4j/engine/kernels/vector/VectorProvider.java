package ernie4j.engine.kernels.vector;

import ernie4j.engine.kernels.Int8Matrix;
import ernie4j.engine.kernels.KernelEntry;
import ernie4j.engine.kernels.KernelProvider;
import ernie4j.engine.kernels.KernelTable;
import ernie4j.engine.kernels.KernelTable.Int8Product;
import ernie4j.engine.kernels.PackedMatrix;
import ernie4j.engine.kernels.warmup.Candidate;
import ernie4j.engine.kernels.warmup.Exercises;
import ernie4j.engine.kernels.warmup.KernelWarmUp;
import java.lang.module.ModuleFinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** The kernels on {@code jdk.incubator.vector}; loads nothing of that module before it is found. */
public final class VectorProvider implements KernelProvider {
  private static final String MODULE = "jdk.incubator.vector";

  private static final int SELF_TEST_DRAWS = 2;

  private boolean tested;
  private Optional<String> wrong = Optional.empty();

  /** For {@link java.util.ServiceLoader}. */
  public VectorProvider() {}

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public int preference() {
    return 10;
  }

  @Override
  public Optional<String> refusal() {
    // Before anything that needs a JVM with modules: Android runs this, too.
    String vm = System.getProperty("java.vm.name", "");
    if (!vm.contains("Server VM")) {
      return Optional.of(
          "The JVM '"
              + vm
              + "' has no C2 compiler that understands the Vector API, so the plain-Java kernels are"
              + " used; run on a HotSpot server VM to run several times faster.");
    }
    if (!BootLayer.has(MODULE)) {
      return Optional.of(notLoaded(BootLayer.canLoad(MODULE)));
    }
    String mode = System.getProperty("java.vm.info", "");
    if (mode.contains("interpreted mode")) {
      return Optional.of(
          "The JVM only interprets byte code (-Xint), so the plain-Java kernels are used; remove -Xint.");
    }
    if (mode.contains("emulated-client")) {
      return Optional.of(
          "The JVM compiles without C2 (-XX:TieredStopAtLevel), so the plain-Java kernels are used;"
              + " remove that option to run several times faster.");
    }
    int bits = VectorPanels.BITS;
    if (bits < 128 || bits > 512) {
      return Optional.of(
          "This machine's preferred vectors have "
              + bits
              + " bit and the vector kernels need 128 to 512, so the plain-Java kernels are used.");
    }
    return Optional.empty();
  }

  /**
   * @param installed whether the Java runtime has the module
   */
  static String notLoaded(boolean installed) {
    return installed
        ? "The module "
            + MODULE
            + " is not loaded, so the plain-Java kernels are used; add --add-modules "
            + MODULE
            + " to the java command to run several times faster."
        : "This Java runtime has no module "
            + MODULE
            + ", so the plain-Java kernels are used; make the runtime with jlink --add-modules "
            + MODULE
            + ", or use a complete JDK, to run several times faster.";
  }

  /** Checks all functions as this JVM runs them now: interpreted, so once and with few inputs. */
  @Override
  public synchronized Optional<String> wrongResults(Supplier<KernelTable> next) {
    if (!tested) {
      wrong = findWrong(next);
      tested = true;
    }
    return wrong;
  }

  private static Optional<String> findWrong(Supplier<KernelTable> next) {
    TileTable tiles = new TileTable(true);
    return candidates(tiles, table(tiles, next.get(), true)).stream()
        .filter(candidate -> !candidate.isRight(new Random(42), SELF_TEST_DRAWS))
        .findFirst()
        .map(
            wrong ->
                String.format(
                    "The vector kernel '%s' does not give the same results as plain Java on this JVM, so the plain-Java kernels are used; please report this with the output of java -version.",
                    wrong.entry().name()));
  }

  @Override
  public KernelTable table(Supplier<KernelTable> next) {
    return table(new TileTable(false), next.get(), false);
  }

  @Override
  public KernelTable start(Supplier<KernelTable> next) {
    TileTable tiles = new TileTable(true);
    KernelTable table = table(tiles, next.get(), true);
    KernelWarmUp.start(() -> candidates(tiles, table));
    return table;
  }

  @Override
  public KernelTable startWhenNeeded(Supplier<KernelTable> next) {
    TileTable tiles = new TileTable(true);
    KernelTable table = table(tiles, next.get(), true);
    KernelWarmUp.startWhenNeeded(table, () -> candidates(tiles, table));
    return table;
  }

  /** The entries that a warm-up hands over, first those in which an encoder spends most time. */
  static List<Candidate<?>> candidates(TileTable tiles, KernelTable table) {
    List<Candidate<?>> all = new ArrayList<>();
    addTiles(all, tiles, VectorPanels.VECTORS);
    all.add(new Candidate<>(table.int8Product(), new VectorExercises.Int8()));
    all.addAll(Exercises.inference(table));
    for (int vectors = VectorPanels.VECTORS - 1; vectors >= 1; vectors--) {
      addTiles(all, tiles, vectors);
    }
    all.addAll(Exercises.training(table));
    return all;
  }

  private static void addTiles(List<Candidate<?>> all, TileTable tiles, int vectors) {
    for (int rows = VectorPanels.mostRows(vectors); rows >= 1; rows--) {
      all.add(new Candidate<>(tiles.entry(vectors, rows), new VectorExercises.Tile(vectors, rows)));
    }
  }

  /**
   * The functions on vectors.
   *
   * @param warming whether the functions of {@code plain} stand in for them
   */
  static KernelTable table(TileTable tiles, KernelTable plain, boolean warming) {
    Entries entries = new Entries(warming);
    KernelEntry<KernelTable.Elementwise> gelu =
        entries.of(plain.gelu(), new VectorFunctions.Gelu());
    Int8Product plainInt8 = plain.int8Product().standIn();
    return new KernelTable(
        "vector (" + VectorPanels.BITS + " bit)",
        new Matrices(),
        KernelEntry.of("product", new PanelProduct(tiles, gelu)),
        entries.of(plain.int8Product(), new PanelInt8Product(plainInt8, gelu)),
        entries.of(plain.attention(), new VectorFunctions.AttentionOnTiles(tiles)),
        entries.of(plain.softmax(), new VectorFunctions.Softmax()),
        entries.of(plain.layerNorm(), new VectorFunctions.LayerNorm()),
        entries.of(plain.layerNormBackward(), new VectorFunctions.LayerNormBackward()),
        gelu,
        entries.of(plain.geluBackward(), new VectorFunctions.GeluBackward()),
        entries.of(plain.tanh(), new VectorFunctions.Tanh()),
        entries.of(plain.dropout(), new VectorFunctions.Dropout()),
        entries.of(plain.columnSums(), new VectorFunctions.ColumnSums()),
        plain.transpose(),
        tiles.all());
  }

  /** Loaded only on a JVM: Android has no modules. */
  private static final class BootLayer {
    static boolean has(String module) {
      return ModuleLayer.boot().findModule(module).isPresent();
    }

    static boolean canLoad(String module) {
      return ModuleFinder.ofSystem().find(module).isPresent();
    }
  }

  private record Entries(boolean warming) {
    <F> KernelEntry<F> of(KernelEntry<F> plain, F function) {
      return warming
          ? KernelEntry.warming(plain.name(), plain.standIn(), function)
          : KernelEntry.of(plain.name(), function);
    }
  }

  private static final class Matrices implements KernelTable.Matrices {
    @Override
    public PackedMatrix newPackedMatrix(int rows, int columns) {
      return new PanelMatrix(rows, columns, VectorPanels.WIDTH, VectorPanels.LANES);
    }

    @Override
    public Int8Matrix newInt8Matrix(int rows, int columns, float[] scales) {
      return new PanelInt8Matrix(rows, columns, scales);
    }
  }
}
