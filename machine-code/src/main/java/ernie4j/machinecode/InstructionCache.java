package ernie4j.machinecode;

import java.lang.foreign.MemorySegment;

/** Makes new instructions visible to the cores. */
interface InstructionCache {
  /** The instruction cache of x86-64, which sees what is written. */
  InstructionCache COHERENT = code -> {};

  /**
   * Makes written code visible to all cores; must be called before the code is.
   *
   * @throws RefusalException if the operating system does not support this
   */
  void publish(MemorySegment code);

  /** The instruction cache of the processor this JVM runs on. */
  static InstructionCache of(SystemCalls system) {
    return Processor.isArm() ? new ArmInstructionCache(system) : COHERENT;
  }
}
