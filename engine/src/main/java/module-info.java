/** Kernels, model file, encoder and heads: everything that inference needs. */
@org.jspecify.annotations.NullMarked
module ernie4j.engine {
  requires static org.jspecify;
  requires static jdk.incubator.vector;
  // Android's log; a JVM logs through System.Logger and needs no module for it.
  requires static java.logging;
  requires com.fasterxml.jackson.core;

  uses ernie4j.engine.kernels.KernelProvider;

  provides ernie4j.engine.kernels.KernelProvider with
      ernie4j.engine.kernels.vector.VectorProvider,
      ernie4j.engine.kernels.scalar.ScalarProvider;

  exports ernie4j.engine;
  exports ernie4j.engine.encoder;
  exports ernie4j.engine.head;
  exports ernie4j.engine.kernels;
  exports ernie4j.engine.file;
}
