package ernie4j.engine.encoder;

import ernie4j.engine.kernels.Epilogue;

/** A linear layer's product in one number format; arguments as in {@link Linear#apply}. */
interface LinearProduct {
  int in();

  int out();

  void apply(
      Epilogue epilogue,
      int rows,
      float[] x,
      int xOffset,
      int ldx,
      float[] y,
      int yOffset,
      int ldy);
}
