package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Int8Matrix;
import ernie4j.engine.kernels.KernelSelection;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The kernels are found, refused and turned off, and give the same bits as plain Java. */
class MachineCodeProviderTest {
  private static final String ALLOWED = "--enable-native-access=ALL-UNNAMED";
  private static final String DENIED = "--illegal-native-access=deny";

  private final Random random = new Random(4);

  @Test
  void selectedByDefault() throws Exception {
    assumeTrue(
        !Processor.isArm() || System.getProperty(Permission.SWITCH, "").equals("on"),
        "off by default on AArch64: not tested without -Dernie4j.machineCode=on");
    Int8Form form = Machine.forms().toList().getLast();
    assertThat(KernelSelection.refusal("machine-code")).isEmpty();
    assertThat(Kernels.best().name()).isEqualTo("machine code (" + form + ")");
    assertThat(Kernels.best().isMachineCode()).isTrue();
    assertThat(Kernels.scalar().isMachineCode()).isFalse();
    assertThat(print(ALLOWED)).contains("computed by machine code").contains(": 42.0");
    assertThat(print(ALLOWED, "-Dernie4j.kernels=machine-code")).contains("by machine code");
    assertThat(print(ALLOWED, "-Xint")).contains("by machine code");
  }

  @Test
  void fallsBackWithOneHintIfNativeAccessIsDenied() throws Exception {
    Machine.forms().close();
    for (String[] options : new String[][] {{}, {DENIED}}) {
      assertThat(print(options))
          .containsOnlyOnce("may not use native access")
          .containsOnlyOnce(ALLOWED)
          .contains("computed by scalar: 42.0")
          .doesNotContain("WARNING: A restricted method");
    }
  }

  @Test
  void propertiesSelectOtherKernels() throws Exception {
    assertThat(print(ALLOWED, "-Dernie4j.kernels=scalar")).contains("computed by scalar");
    assertThat(print(ALLOWED, "-Dernie4j.machineCode=off"))
        .contains("remove -Dernie4j.machineCode=off")
        .contains("computed by scalar: 42.0");
  }

  @Test
  void failsIfTheRequestedKernelsAreRefused() throws Exception {
    Machine.forms().close();
    assertThat(print("-Dernie4j.kernels=machine-code"))
        .contains("-Dernie4j.kernels=machine-code cannot be fulfilled")
        .contains("add " + ALLOWED)
        .doesNotContain("computed");
  }

  @Test
  void offByDefaultOnArm() throws Exception {
    Machine.forms().close();
    assumeTrue(Processor.isArm(), "for AArch64: not tested here");
    assertThat(ChildJvm.run(List.of(ALLOWED), PrintKernels.class))
        .containsOnlyOnce("add -Dernie4j.machineCode=on")
        .contains("computed by scalar: 42.0");
    assertThat(ChildJvm.run(List.of(ALLOWED, "-Dernie4j.kernels=machine-code"), PrintKernels.class))
        .contains("-Dernie4j.kernels=machine-code cannot be fulfilled")
        .contains("add -Dernie4j.machineCode=on");
  }

  @Test
  void namesTheFeaturesThatTheProcessorLacks() throws Exception {
    Processor processor = Machine.processor();
    assumeTrue(processor.forms().isEmpty(), "this processor lacks nothing: not tested here");
    assertThat(print(ALLOWED))
        .containsOnlyOnce("need a processor with " + processor.need())
        .contains("computed by scalar: 42.0");
  }

  /** Runs a JVM with the kernels turned on first where they are off by default. */
  private static String print(String... options) throws IOException {
    List<String> all = new ArrayList<>();
    if (Processor.isArm()) {
      all.add("-Dernie4j.machineCode=on");
    }
    all.addAll(List.of(options));
    return ChildJvm.run(all, PrintKernels.class);
  }

  @Test
  void everyRefusalSaysWhatToChange() {
    assertThat(Permission.refusal("on", "Linux", "amd64", true, "m")).isEmpty();
    assertThat(Permission.refusal("off", "Linux", "amd64", true, "m"))
        .hasValueSatisfying(s -> assertThat(s).contains("remove -Dernie4j.machineCode=off"));
    assertThat(Permission.refusal("on", "Windows 11", "amd64", true, "m"))
        .hasValueSatisfying(s -> assertThat(s).contains("Windows 11 on amd64"));
    assertThat(Permission.refusal(null, "Linux", "amd64", true, "m")).isEmpty();
    assertThat(Permission.refusal("on", "Linux", "riscv64", true, "m"))
        .hasValueSatisfying(s -> assertThat(s).contains("Linux on riscv64"));
    assertThat(Permission.refusal("on", "Linux", "aarch64", true, "m")).isEmpty();
    assertThat(Permission.refusal(null, "Linux", "aarch64", true, "m"))
        .hasValueSatisfying(s -> assertThat(s).contains("add -Dernie4j.machineCode=on"));
    assertThat(Permission.refusal("off", "Linux", "aarch64", true, "m"))
        .hasValueSatisfying(s -> assertThat(s).contains("remove -Dernie4j.machineCode=off"));
    assertThat(Permission.refusal("on", "Linux", "aarch64", false, "m"))
        .hasValueSatisfying(s -> assertThat(s).contains("--enable-native-access=m"));
    assertThat(Permission.refusal("on", "Linux", "amd64", false, "m"))
        .hasValueSatisfying(s -> assertThat(s).contains("--enable-native-access=m"));
    assertThatThrownBy(() -> new X86Processor(false, false, false, false).bestForm())
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("AVX2 and FMA");
    assertThatThrownBy(() -> new ArmProcessor(false, false).bestForm())
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("SDOT");
  }

  /** JDK 17 must be able to load the provider, so that it can report the need for a newer JDK. */
  @Test
  void theProviderRunsOnJdk17() throws Exception {
    assertThat(classFileVersion(MachineCodeProvider.class)).isEqualTo(61);
    assertThat(classFileVersion(GeneratedKernels.class)).isEqualTo(66);
  }

  private static int classFileVersion(Class<?> type) throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            Objects.requireNonNull(type.getResourceAsStream(type.getSimpleName() + ".class")))) {
      in.readInt();
      in.readUnsignedShort();
      return in.readUnsignedShort();
    }
  }

  /** The self-test rejects wrong code: here GELU is computed exactly where it should not be. */
  @Test
  void theSelfTestFindsWrongCode() throws Exception {
    for (Int8Form form : Machine.forms().toList()) {
      Generator generator = Machine.generator(form);
      Blocking blocking = generator.blocking();
      Products right = Products.of(form, false, Machine.MEMORY);
      new SelfTest(right).run();
      Functions wrong =
          new Functions(
              Variant.count(blocking),
              Machine.MEMORY,
              number -> generator.floatProduct(Variant.of(number ^ 2, blocking)));
      Products products =
          new Products(
              new FloatProduct(blocking, wrong),
              null,
              Machine.int8Product(form),
              right.attention(),
              right.layerNorm());
      assertThatThrownBy(() -> new SelfTest(products).run())
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("other results than plain Java (float32, NONE, 8 x 19 x 53");
    }
  }

  @Test
  void kernelsGiveTheBitsOfPlainJava() throws Exception {
    Machine.forms().close();
    Kernels ours = Kernels.named("machine-code");
    Kernels plain = Kernels.scalar();
    for (int i = 0; i < 60; i++) {
      int m = 1 + random.nextInt(40);
      int k = 1 + random.nextInt(100);
      int n = 1 + random.nextInt(200);
      Epilogue epilogue = List.of(Epilogue.values()).get(i % 3);
      float[] a = Values.normal(random, m * k);
      float[] b = Values.normal(random, k * n);
      float[] bias = epilogue == Epilogue.ADD || i % 2 == 0 ? null : Values.normal(random, n);
      float[] start = Values.normal(random, m * n);
      assertThat(product(ours, m, k, n, a, b, bias, epilogue, start))
          .isEqualTo(product(plain, m, k, n, a, b, bias, epilogue, start));
      if (epilogue != Epilogue.ADD) {
        PlainProducts.Codes codes = Values.codes(random, k, n);
        float[] offsets = Values.normal(random, n);
        a[random.nextInt(a.length)] = i % 4 == 0 ? Float.NaN : 1f;
        float scale = i % 2;
        assertThat(product(ours, m, a, scale, codes, offsets, epilogue))
            .isEqualTo(product(plain, m, a, scale, codes, offsets, epilogue));
      }
    }
  }

  private static float[] product(
      Kernels kernels,
      int m,
      int k,
      int n,
      float[] a,
      float[] b,
      float @Nullable [] bias,
      Epilogue epilogue,
      float[] start) {
    PackedMatrix packed = kernels.newPackedMatrix(k, n);
    kernels.pack(b, 0, n, false, packed, 0, n);
    float[] c = start.clone();
    kernels.gemm(m, a, 0, k, packed, bias, epilogue, c, 0, n);
    return c;
  }

  private static float[] product(
      Kernels kernels,
      int m,
      float[] a,
      float scale,
      PlainProducts.Codes b,
      float[] bias,
      Epilogue epilogue) {
    Int8Matrix packed = kernels.newInt8Matrix(b.rows(), b.columns(), b.scales());
    kernels.packCodes(b.rows(), b.columns(), b.values(), 0, b.columns(), packed, 0, 0);
    float[][] decoded = new float[1][1];
    packed.decode(b.rows() - 1, 1, b.columns() - 1, 1, decoded);
    assertThat(decoded[0][0]).isEqualTo(b.values()[b.values().length - 1]);
    float[] c = new float[m * b.columns()];
    kernels.gemmInt8(m, a, 0, b.rows(), scale, packed, bias, epilogue, c, 0, b.columns());
    return c;
  }
}
