package ernie4j.machinecode;

import java.lang.foreign.MemorySegment;

/** How cores get to see new instructions. */
interface InstructionCache {
  /** That of x86-64, which sees what is written. */
  InstructionCache COHERENT = code -> {};

  /**
   * Makes code that has been written visible to all cores before anybody calls it.
   *
   * @throws RefusalException if the operating system does not help
   */
  void publish(MemorySegment code);

  /** That of the processor this JVM runs on. */
  static InstructionCache of(SystemCalls system) {
    return Processor.isArm() ? new ArmInstructionCache(system) : COHERENT;
  }
}
