package ernie4j.machinecode;

import java.util.ArrayList;
import java.util.List;

/**
 * What an AArch64 processor supports, as reported by Linux. All have NEON with fused multiply-adds.
 *
 * @param dotProduct SDOT
 * @param int8Matrix SMMLA
 */
record ArmProcessor(boolean dotProduct, boolean int8Matrix) implements Processor {
  private static final long DOT_PRODUCT = 1L << 20; // HWCAP_ASIMDDP
  private static final long INT8_MATRIX = 1L << 13; // HWCAP2_I8MM

  /**
   * @param capabilities the value of AT_HWCAP
   * @param further the value of AT_HWCAP2
   */
  static ArmProcessor of(long capabilities, long further) {
    return new ArmProcessor((capabilities & DOT_PRODUCT) != 0, (further & INT8_MATRIX) != 0);
  }

  static ArmProcessor detect(SystemCalls system) {
    return of(system.capabilities(), system.furtherCapabilities());
  }

  @Override
  public List<Int8Form> forms() {
    List<Int8Form> forms = new ArrayList<>();
    if (dotProduct) {
      forms.add(Int8Form.NEON_DOT);
    }
    if (int8Matrix) {
      forms.add(Int8Form.NEON_I8MM);
    }
    return forms;
  }

  /** Always false: the kernels do not use bfloat16 on AArch64. */
  @Override
  public boolean bfloat16() {
    return false;
  }

  @Override
  public String need() {
    return "the SDOT instruction (ARMv8.2 with dot products, in Linux's words asimddp)";
  }
}
