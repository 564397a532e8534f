package ernie4j.machinecode;

import static ernie4j.machinecode.x86.Address.at;

import ernie4j.machinecode.x86.Vector;

/**
 * A product of codes, exact in int32, and {@code total * (row step * column step) + bias} of the
 * sums. A panel of B contains {@code [strips][lanes]} starts of the sums, {@code [k /
 * group][strips][lanes][group]} codes and {@code [strips][lanes]} column steps, all in one stream.
 * A row of A has the format that {@link QuantizeCode} writes, with its step right before the first
 * code.
 */
final class Int8ProductCode extends ProductCode {
  private final Int8Form form;

  Int8ProductCode(Int8Form form, Blocking blocking, Variant variant, long constants) {
    super(blocking, variant, constants);
    this.form = form;
  }

  @Override
  void start() {
    for (int strip = 0; strip < variant.strips(); strip++) {
      code.vmovups(sum(0, strip), at(B, strip * simd.bytes()));
    }
    code.add(B, variant.strips() * simd.bytes());
    startAllLikeTheFirst();
  }

  @Override
  void loadB(int strip) {
    int offset = strip * bVector();
    switch (form) {
      case AVX512_VNNI, AVX_VNNI -> code.vmovups(b(strip), at(B, offset));
      case AVX2 -> code.vpmovsxbw(b(strip), at(B, offset));
    }
  }

  @Override
  int bVector() {
    return simd.bytes() / Integer.BYTES * form.group();
  }

  @Override
  Vector a(int row) {
    return form == Int8Form.AVX2 ? free(row % (freeRegisters() - 1)) : super.a(row);
  }

  @Override
  void multiplyAdd(int row, int strip) {
    switch (form) {
      case AVX512_VNNI, AVX_VNNI -> code.vpdpbusd(sum(row, strip), a(row), b(strip));
      case AVX2 -> {
        Vector products = free(freeRegisters() - 1);
        code.vpmaddwd(products, a(row), b(strip));
        code.vpaddd(sum(row, strip), sum(row, strip), products);
      }
    }
  }

  @Override
  void finish() {
    Vector columnSteps = temporary(0);
    Vector bias = temporary(1);
    int others = simd.registers() - sums() - 2;
    pointToRows();
    for (int strip = 0; strip < variant.strips(); strip++) {
      if (isPartial(strip)) {
        loadMask(temporary(2));
      }
      loadBias(bias, strip, temporary(2));
      code.vmovups(columnSteps, at(B, strip * simd.bytes()));
      if (isPartial(strip)) {
        pointToRows(); // loadMask has overwritten one of the pointers
      }
      for (int row = 0; row < variant.rows(); row++) {
        Vector step = temporary(2 + row % others);
        code.vbroadcastss(step, row(row, -Float.BYTES));
        code.vmulps(step, step, columnSteps);
        code.vcvtdq2ps(sum(row, strip), sum(row, strip));
        code.vfmadd213ps(sum(row, strip), step, bias);
      }
    }
    code.add(B, variant.strips() * simd.bytes());
  }

  /** A register that does not hold a sum. */
  private Vector temporary(int number) {
    return simd.register(sums() + number);
  }
}
