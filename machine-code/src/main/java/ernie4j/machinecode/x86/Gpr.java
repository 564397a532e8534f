package ernie4j.machinecode.x86;

/** A 64-bit general register, in the order of their numbers in instructions. */
public enum Gpr {
  RAX,
  RCX,
  RDX,
  RBX,
  RSP,
  RBP,
  RSI,
  RDI,
  R8,
  R9,
  R10,
  R11,
  R12,
  R13,
  R14,
  R15;

  /** The number in instructions. */
  @SuppressWarnings("EnumOrdinal") // the constants have this order
  int number() {
    return ordinal();
  }
}
