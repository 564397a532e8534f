package ernie4j.machinecode;

import java.util.List;

/** What a processor supports and the operating system allows. */
interface Processor {
  /** The forms of int8 products that it runs, the fastest last; float32 has the same vectors. */
  List<Int8Form> forms();

  /** Whether it multiplies bfloat16 numbers. */
  boolean bfloat16();

  /** The features that a processor needs to run any form, for a message. */
  String need();

  /**
   * The fastest form of int8 products that it runs.
   *
   * @throws RefusalException if there is none
   */
  default Int8Form bestForm() {
    if (forms().isEmpty()) {
      throw new RefusalException(
          "The machine-code kernels need a processor with %s, so other kernels are used; take ernie4j-machine-code off the path to be rid of this line."
              .formatted(need()));
    }
    return forms().getLast();
  }

  /** Whether this JVM runs on AArch64; otherwise it runs on x86-64. */
  static boolean isArm() {
    return System.getProperty("os.arch", "").equals("aarch64");
  }

  /**
   * Detects the processor with its own instructions or through the operating system.
   *
   * @throws RefusalException if the operating system grants no executable memory
   */
  static Processor detect(SystemCalls system, ExecutableMemory memory) {
    return isArm() ? ArmProcessor.detect(system) : X86Processor.detect(memory);
  }
}
