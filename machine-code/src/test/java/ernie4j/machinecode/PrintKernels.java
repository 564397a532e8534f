package ernie4j.machinecode;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;

/** Prints the selected kernels and one result. Started by {@link MachineCodeProviderTest}. */
final class PrintKernels {
  private PrintKernels() {}

  public static void main(String[] args) {
    Kernels kernels = Kernels.best();
    PackedMatrix b = kernels.newPackedMatrix(1, 1);
    kernels.pack(new float[] {6}, 0, 1, false, b, 0, 1);
    float[] c = new float[1];
    kernels.gemm(1, new float[] {7}, 0, 1, b, null, Epilogue.NONE, c, 0, 1);
    System.out.println("computed by " + kernels.name() + ": " + c[0]);
  }
}
