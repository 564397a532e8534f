package ernie4j.machinecode;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Set;
import java.util.stream.Stream;

/** The machine that runs the tests of generated code. */
final class Machine {
  private Machine() {}

  static final SystemCalls SYSTEM = new SystemCalls();
  static final ExecutableMemory MEMORY = new ExecutableMemory(SYSTEM, InstructionCache.of(SYSTEM));
  static final Constants.Table CONSTANTS = new Constants.Table();

  /** The forms of int8 products that this processor supports; float32 has the same widths. */
  static Stream<Int8Form> forms() {
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && Set.of("amd64", "aarch64").contains(System.getProperty("os.arch")),
        "generated code is for Linux on x86-64 and AArch64: not tested here");
    Processor processor = processor();
    assumeTrue(
        !processor.forms().isEmpty(),
        "this processor has not even " + processor.need() + ": nothing to test");
    return processor.forms().stream();
  }

  /** The {@link #forms} on x86-64, for code that is generated only there. */
  static Stream<Int8Form> x86Forms() {
    assumeTrue(forms().noneMatch(Int8Form::isNeon), "generated for x86-64 only: not tested here");
    return forms();
  }

  static Processor processor() {
    return Processor.detect(SYSTEM, MEMORY);
  }

  static Generator generator(Int8Form form) {
    return form.generator(CONSTANTS);
  }

  static FloatProduct floatProduct(Int8Form form) {
    return new FloatProduct(generator(form), MEMORY);
  }

  /** Products in bfloat16; a test is skipped if the processor does not support them. */
  static Bfloat16Product bfloat16Product() {
    x86Forms().close();
    assumeTrue(processor().bfloat16(), "this processor has no AVX512-BF16");
    return new Bfloat16Product(Blocking.of(512), MEMORY, CONSTANTS);
  }

  static Int8Product int8Product(Int8Form form) {
    return new Int8Product(generator(form), MEMORY);
  }
}
