/** Kernels in machine code generated at run time. The engine finds them on the module path. */
@org.jspecify.annotations.NullMarked
module ernie4j.machinecode {
  requires static org.jspecify;
  requires ernie4j.engine;

  provides ernie4j.engine.kernels.KernelProvider with
      ernie4j.machinecode.MachineCodeProvider;
}
