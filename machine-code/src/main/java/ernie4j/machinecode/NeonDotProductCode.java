package ernie4j.machinecode;

import ernie4j.machinecode.aarch64.Vector;

/** {@link Int8ProductCode} for AArch64 with SDOT: a step multiplies four codes of a column. */
final class NeonDotProductCode extends NeonElementCode {
  private final NeonInt8Epilogue epilogue = new NeonInt8Epilogue(this);

  NeonDotProductCode(Variant variant, long constants) {
    super(variant, constants);
  }

  @Override
  void start() {
    epilogue.start();
  }

  @Override
  void multiplyAdd(Vector sum, Vector b, Vector a, int step) {
    code.sdot(sum, b, a, step);
  }

  @Override
  void finish() {
    epilogue.finish();
  }
}
