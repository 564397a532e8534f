/** Kernels as machine code made at run time; found by the engine when they are on the path. */
@org.jspecify.annotations.NullMarked
module ernie4j.machinecode {
  requires static org.jspecify;
  requires ernie4j.engine;

  provides ernie4j.engine.kernels.KernelProvider with
      ernie4j.machinecode.MachineCodeProvider;
}
