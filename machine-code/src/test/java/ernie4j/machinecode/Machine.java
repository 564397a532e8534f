package ernie4j.machinecode;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the tests of generated code run on. */
final class Machine {
  private Machine() {}

  static final ExecutableMemory MEMORY = new ExecutableMemory(new SystemCalls());
  static final Constants.Table CONSTANTS = new Constants.Table();

  /** The forms of int8 products that this processor runs; float32 has the same widths. */
  static Stream<Int8Form> forms() throws RefusalException {
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"),
        "generated code is for Linux on x86-64: not tested here");
    Processor processor = Processor.detect(MEMORY);
    List<Int8Form> forms = new ArrayList<>();
    if (processor.avx2()) {
      forms.add(Int8Form.AVX2);
    }
    if (processor.avxVnni()) {
      forms.add(Int8Form.AVX_VNNI);
    }
    if (processor.avx512Vnni()) {
      forms.add(Int8Form.AVX512_VNNI);
    }
    assumeTrue(!forms.isEmpty(), "this processor has not even AVX2: nothing to test");
    return forms.stream();
  }

  static FloatProduct floatProduct(Int8Form form) {
    return new FloatProduct(Blocking.of(form.bits()), MEMORY, CONSTANTS);
  }

  /** Products of bfloat16; a test is skipped where the processor has none. */
  static Bfloat16Product bfloat16Product() throws RefusalException {
    forms().close();
    assumeTrue(Processor.detect(MEMORY).avx512Bfloat16(), "this processor has no AVX512-BF16");
    return new Bfloat16Product(Blocking.of(512), MEMORY, CONSTANTS);
  }

  static Int8Product int8Product(Int8Form form) {
    return new Int8Product(form, Blocking.of(form.bits()), MEMORY, CONSTANTS);
  }
}
