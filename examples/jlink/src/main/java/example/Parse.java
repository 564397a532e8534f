package example;

import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.JointSlu;

/** Intent of a command, and the kernels that found it. */
public class Parse {
  public static void main(String[] arguments) throws Exception {
    System.out.println(JointSlu.bundled().parse("来一首周华健的花心").intent());
    System.out.println(Kernels.best().name());
    if (!Kernels.best().name().startsWith("vector")) {
      throw new IllegalStateException("the image lacks jdk.incubator.vector");
    }
  }
}
