package ernie4j.machinecode;

/**
 * A product of bfloat16 numbers with sums in float32. A panel contains {@code [k /
 * 2][strips][lanes][2]} numbers, so a step multiplies two of a column. A row of A has the format
 * that {@link Bfloat16RoundCode} writes.
 */
final class Bfloat16ProductCode extends FloatProductCode {
  Bfloat16ProductCode(Blocking blocking, Variant variant, long constants) {
    super(blocking, variant, constants);
  }

  @Override
  void multiplyAdd(int row, int strip) {
    code.vdpbf16ps(sum(row, strip), a(row), b(strip));
  }
}
