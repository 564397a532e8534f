package ernie4j.machinecode;

import java.util.Random;

/** Random operands. */
final class Values {
  private Values() {}

  static float[] normal(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static PlainProducts.Operand operand(Random random, int rows, int columns) {
    return new PlainProducts.Operand(rows, columns, normal(random, rows * columns));
  }

  /** Codes of the whole range, -128 and 127 among them. */
  static PlainProducts.Codes codes(Random random, int rows, int columns) {
    byte[] codes = new byte[rows * columns];
    random.nextBytes(codes);
    float[] scales = new float[columns];
    for (int j = 0; j < columns; j++) {
      scales[j] = 3 * random.nextFloat();
    }
    return new PlainProducts.Codes(rows, columns, codes, scales);
  }

  static FloatPanels panels(Blocking blocking, PlainProducts.Operand b) {
    FloatPanels panels = new FloatPanels(blocking, b.rows(), b.columns());
    panels.copy(b.rows(), b.columns(), b.values(), 0, b.columns(), 0, 0);
    return panels;
  }

  static Bfloat16Panels bfloat16Panels(Blocking blocking, PlainProducts.Operand b) {
    Bfloat16Panels panels = new Bfloat16Panels(blocking, b.rows(), b.columns());
    panels.copy(b.rows(), b.columns(), b.values(), 0, b.columns(), 0, 0);
    return panels;
  }

  /** Whole numbers from -8 to 8: their sums of products are exact in every order. */
  static float[] whole(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextInt(17) - 8;
    }
    return values;
  }

  static Int8Panels panels(Int8Form form, PlainProducts.Codes b) {
    Int8Panels panels =
        new Int8Panels(form, Blocking.of(form.bits()), b.rows(), b.columns(), b.scales());
    panels.copy(b.rows(), b.columns(), b.values(), 0, b.columns(), 0, 0);
    return panels;
  }
}
