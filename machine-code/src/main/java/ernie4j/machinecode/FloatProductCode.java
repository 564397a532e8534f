package ernie4j.machinecode;

import static ernie4j.machinecode.x86.Address.at;

/**
 * A product in float32. Every sum starts from the bias, from zero or from C, and adds its products
 * with fused multiply-adds in ascending order of k. A panel contains {@code [k][strips][lanes]}
 * floats.
 */
class FloatProductCode extends ProductCode {
  FloatProductCode(Blocking blocking, Variant variant, long constants) {
    super(blocking, variant, constants);
  }

  @Override
  void start() {
    switch (variant.start()) {
      case C -> startFromC();
      case BIAS -> {
        if (variant.partial()) {
          loadMask(b(0));
        }
        for (int strip = 0; strip < variant.strips(); strip++) {
          loadBias(sum(0, strip), strip, b(0));
        }
        startAllLikeTheFirst();
      }
      case ZERO -> {
        for (int i = 0; i < sums(); i++) {
          code.vpxor(simd.register(i), simd.register(i), simd.register(i));
        }
      }
    }
  }

  @Override
  void loadB(int strip) {
    code.vmovups(b(strip), at(B, strip * bVector()));
  }

  @Override
  int bVector() {
    return simd.bytes();
  }

  @Override
  void multiplyAdd(int row, int strip) {
    code.vfmadd231ps(sum(row, strip), a(row), b(strip));
  }

  @Override
  void finish() {
    // A sum is already a result.
  }
}
