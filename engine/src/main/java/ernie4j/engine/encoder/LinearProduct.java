package ernie4j.engine.encoder;

/** A linear layer's product in one number format; arguments as in {@link Linear#apply}. */
interface LinearProduct {
  int in();

  int out();

  void apply(int rows, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy);

  void applyGelu(int rows, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy);
}
